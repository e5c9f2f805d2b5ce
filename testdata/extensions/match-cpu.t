# -m cpu: which processor handles the packet

--cpu 0 => =
! --cpu 3 => =
--cpu 0x10 => --cpu 16
--cpu 4294967295 => =
--cpu 4294967296 => !bad-value
--cpu -1 => !bad-value
--cpu x => !bad-value
=> !bad-rule
