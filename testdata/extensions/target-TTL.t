# -j TTL: the time to live
table mangle
chain PREROUTING
=> !bad-rule
--ttl-set 64 => =
--ttl-set 0 => =
--ttl-set 255 => =
--ttl-set 0x10 => --ttl-set 16
--ttl-inc 1 => =
--ttl-inc 255 => =
--ttl-dec 1 => =
--ttl-dec 255 => =
--ttl-set 256 => !bad-value
--ttl-set x => !bad-value
--ttl-inc 0 => !bad-value
--ttl-dec 0 => !bad-value
--ttl-set 1 --ttl-inc 1 => !bad-rule
