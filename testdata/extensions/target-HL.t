# -j HL: the hop limit
family 6
table mangle
chain PREROUTING
=> !bad-rule
--hl-set 64 => =
--hl-set 0 => =
--hl-inc 1 => =
--hl-dec 1 => =
--hl-set 256 => !bad-value
--hl-set x => !bad-value
--hl-inc 0 => !bad-value
--hl-dec 0 => !bad-value
--hl-set 1 --hl-dec 1 => !bad-rule
