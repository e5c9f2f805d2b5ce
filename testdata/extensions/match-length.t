# -m length: how long the packet is
--length 40 => =
--length 40:100 => =
! --length 1500 => =
--length 40: => --length 40:65535
--length :100 => --length 0:100
--length 0:65535 => =
--length 100:40 => =
--length long => !bad-value
