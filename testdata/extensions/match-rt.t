# -m rt: the routing header of IPv6
family 6
=> =
--rt-type 0 => =
! --rt-type 2 => =
--rt-type 0x2 => --rt-type 2
--rt-type 256 => =
--rt-segsleft 1 => =
--rt-segsleft 1:2 => =
! --rt-segsleft 1:2 => =
--rt-segsleft 5:4 => =
--rt-segsleft :2 => --rt-segsleft 0:2
--rt-segsleft 2: => --rt-segsleft 2:4294967295
--rt-segsleft 0:255 => =
--rt-segsleft 0:4294967295 =>
! --rt-segsleft 0:4294967295 =>
--rt-len 8 => =
! --rt-len 8 => =
--rt-len 0 => =
--rt-type 0 --rt-len 8 => =
! --rt-type 0 ! --rt-segsleft 1:4 --rt-len 40 => =
--rt-type 0 --rt-0-res => =
--rt-type 0 --rt-0-addrs ::1,2001:DB8::2 => --rt-type 0 --rt-0-addrs ::1,2001:db8::2
--rt-type 0 --rt-0-addrs ::1 --rt-0-not-strict => =
--rt-type 0 --rt-0-addrs ::1 --rt-segsleft 1 --rt-len 24 --rt-0-not-strict --rt-0-res => --rt-type 0 --rt-segsleft 1 --rt-len 24 --rt-0-res --rt-0-addrs ::1 --rt-0-not-strict
--rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10 => =
--rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10,::11 => !bad-value
--rt-type 0 --rt-0-addrs 1.2.3.4 => !bad-value
--rt-type 0 --rt-0-addrs ::1/128 => !bad-value
--rt-type x => !bad-value
--rt-type 0:1 => !bad-value
--rt-len 8:9 => !bad-value
--rt-0-addrs ::1 => !bad-rule
--rt-0-res --rt-type 0 => !bad-rule
--rt-type 2 --rt-0-res => !bad-rule
! --rt-type 0 --rt-0-res => !bad-rule
--rt-type 0 --rt-0-not-strict => !bad-rule
--rt-type 0 --rt-0-not-strict --rt-0-addrs ::1 => !bad-rule
--rt-type 0 ! --rt-0-res => !bad-rule
--rt-type 0 ! --rt-0-addrs ::1 => !bad-rule
--rt-segsleft 1 --rt-segsleft 2 => !bad-rule
