# -m rt: the routing header
family 6

=> =
--rt-type 2 => =
! --rt-type 0 ! --rt-segsleft 1:4 --rt-len 40 => =
--rt-segsleft 5:4 => =
--rt-type 0 --rt-0-res => =
--rt-type 0 --rt-0-addrs ::1,::2 => =
--rt-type 0 --rt-0-addrs ::1 --rt-0-not-strict => =
--rt-0-addrs ::1 => !bad-rule
--rt-type x => !bad-value
