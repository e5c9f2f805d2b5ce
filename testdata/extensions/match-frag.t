# -m frag
family 6

--fragid 5 => =
! --fragid 5:10 --fragfirst => =
--fragmore => =
--fraglast --fragres => --fragres --fraglast
--fraglen 5 => =
--fragid 10:5 => =
--fragmore --fraglast => !bad-rule
--fragid x => !bad-value
