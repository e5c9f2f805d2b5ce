# -m ttl: the time to live
--ttl-eq 64 => =
! --ttl-eq 64 => =
--ttl 64 => --ttl-eq 64
--ttl-lt 2 => =
--ttl-gt 254 => =
--ttl-eq 256 => !bad-value
