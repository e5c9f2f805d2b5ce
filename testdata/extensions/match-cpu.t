# -m cpu

--cpu 0 => =
! --cpu 3 => =
--cpu x => !bad-value
