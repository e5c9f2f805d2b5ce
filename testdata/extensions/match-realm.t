# -m realm

--realm 5 => --realm 0x5
! --realm 0x5/0xff => =
--realm 5/0xffffffff => --realm 0x5
--realm x => !bad-value
