# -m hl: the hop limit
family 6
--hl-eq 64 => =
! --hl-eq 64 => =
--hl-lt 2 => =
--hl-gt 254 => =
--hl-eq 256 => !bad-value
--hl-eq => !bad-rule
