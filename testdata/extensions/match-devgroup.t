# -m devgroup
chain FORWARD

--src-group 0x5 => =
! --src-group 5/0xff --dst-group 7 => ! --src-group 0x5/0xff --dst-group 0x7
! --dst-group 0x1/0x3 => =
--src-group x => !bad-value
=> !bad-rule
