# -m osf
with -p tcp

--genre Linux => =
! --genre Windows --ttl 0 --log 2 => =
--genre Linux --ttl 3 => !bad-value
--ttl 1 => !bad-rule
