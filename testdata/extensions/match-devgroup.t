# -m devgroup: the groups of the interfaces
chain FORWARD

--src-group 5 => --src-group 0x5
! --src-group 0x5 => =
--src-group 0x5/0xff => =
--src-group 0x5/0xffffffff => --src-group 0x5
--src-group 0x1ff/0xff => =
--src-group 0 => --src-group default
! --dst-group default => =
--dst-group 0x6 => =
! --src-group 5/0xff --dst-group 7 => ! --src-group 0x5/0xff --dst-group 0x7
! --dst-group 6 --src-group 5 => --src-group 0x5 ! --dst-group 0x6
! --dst-group 0x1/0x3 => =
--src-group default/0xff => !bad-value
--src-group 0x100000000 => !bad-value
# A name may be one of the host's own file.
--src-group uplinks => = # kpt
=> !bad-rule
--src-group 0/0xf => --src-group 0x0/0xf
