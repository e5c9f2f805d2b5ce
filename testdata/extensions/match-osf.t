# -m osf: which system a SYN looks like
with -p tcp

--genre Linux => =
! --genre Windows --ttl 0 --log 2 => =
--genre Linux --ttl 2 => =
--genre Linux --log 0 => =
--log 0x1 --ttl 1 --genre Linux => --genre Linux --ttl 1 --log 1
--genre Linux:2.6 => =
# Without quotes it would not read back.
--genre "Free BSD" => --genre Free BSD # legacy
--genre "Free BSD" => --genre Free BSD # nft
--genre "Free BSD" => = # kpt
# A name has at most 31 bytes.
--genre abcdefghijklmnopqrstuvwxyzabcdefghij => --genre abcdefghijklmnopqrstuvwxyzabcde
--genre Linux --ttl 3 => !bad-value
--genre Linux --log 3 => !bad-value
--genre Linux --ttl x => !bad-value
--ttl 1 => !bad-rule
=> !bad-rule
