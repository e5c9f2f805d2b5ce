# -m frag: the fragment header of IPv6
# Tables after connection tracking see no fragments.
table raw
chain PREROUTING
family 6
=> =
--fragid 5 => =
--fragid 1:5 => =
! --fragid 1:5 => =
! --fragid 5:10 --fragfirst => =
--fragid 0x10 => --fragid 16
--fragid :9 => --fragid 0:9
--fragid 9: => --fragid 9:4294967295
--fragid 10:5 => =
--fragid 0:4294967295 =>
! --fragid 0:4294967295 =>
--fraglen 8 => =
! --fraglen 8 => =
--fraglen 0 => =
--fragres => =
--fragfirst => =
--fragmore => =
--fraglast --fragres => --fragres --fraglast
--fragfirst --fraglast => =
--fragmore --fragfirst --fragres --fraglen 8 --fragid 1 => --fragid 1 --fraglen 8 --fragres --fragfirst --fragmore
--fragmore --fraglast => !bad-rule
--fragid x => !bad-value
--fraglen 8:9 => !bad-value
--fragid 1 --fragid 2 => !bad-rule
! --fragres => !bad-rule
! --fragfirst => !bad-rule
! --fragmore => !bad-rule
! --fraglast => !bad-rule
