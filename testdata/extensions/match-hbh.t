# -m hbh: the hop-by-hop options header of IPv6
family 6
=> =
--hbh-len 8 => =
! --hbh-len 8 => =
--hbh-len 0 => =
--hbh-len 0x10 => --hbh-len 16
--hbh-len 4294967295 => =
--hbh-opts 5 => =
--hbh-opts 5:2 => =
--hbh-opts 5:2,1,6:3 => =
--hbh-opts 0x5:0x2 => --hbh-opts 5:2
--hbh-opts 0 => =
--hbh-opts 1:0 => =
--hbh-opts 255:254 => =
# a length of 255 is any
--hbh-opts 255:255 => --hbh-opts 255
--hbh-opts 5 --hbh-len 8 => --hbh-len 8 --hbh-opts 5
! --hbh-len 8 --hbh-opts 149:92,12:12 => =
--hbh-opts 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 => =
--hbh-opts 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 => !bad-value
# iptables takes 256 for 0
--hbh-opts 256 => !bad-value # kpt
--hbh-opts 1:256 => !bad-value # kpt
--hbh-opts 0:0 => !bad-value
--hbh-opts x => !bad-value
--hbh-opts 1, => !bad-value
--hbh-opts 1: => !bad-value
--hbh-len 4294967296 => !bad-value
--hbh-len 8:9 => !bad-value
--hbh-len 8 --hbh-len 9 => !bad-rule
! --hbh-opts 5 => !bad-rule
