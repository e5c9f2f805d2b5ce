# -m realm: the realm of the route, by number or by a name of /etc/iproute2/rt_realms

--realm 5 => --realm 0x5
--realm 0x5 => =
! --realm 0x5/0xff => =
--realm 5/0xffffffff => --realm 0x5
--realm 0x5/0x0 => =
--realm 0x1ff/0xff => =
--realm 0xffffffff => =
--realm 0 => --realm cosmos
! --realm cosmos => =
--realm 0/0xff => --realm 0x0/0xff
--realm 0x100000000 => !bad-value
--realm 5/ => !bad-value
--realm cosmos/0xff => !bad-value
--realm -1 => !bad-value
# A name may be one of the host's own file.
--realm russia => = # kpt
=> !bad-rule
