# -m dst: the destination options header of IPv6
family 6
=> =
--dst-len 8 => =
! --dst-len 8 => =
--dst-len 0 => =
--dst-len 0x10 => --dst-len 16
--dst-len 4294967295 => =
--dst-opts 5 => =
--dst-opts 5:2 => =
--dst-opts 5:2,1,6:3 => =
--dst-opts 0x5:0x2 => --dst-opts 5:2
--dst-opts 0 => =
--dst-opts 1:0 => =
--dst-opts 255:254 => =
# a length of 255 is any
--dst-opts 255:255 => --dst-opts 255
--dst-opts 5 --dst-len 8 => --dst-len 8 --dst-opts 5
! --dst-len 8 --dst-opts 149:92,12:12 => =
--dst-opts 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 => =
--dst-opts 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 => !bad-value
# iptables takes 256 for 0
--dst-opts 256 => !bad-value # kpt
--dst-opts 1:256 => !bad-value # kpt
--dst-opts 0:0 => !bad-value
--dst-opts x => !bad-value
--dst-opts 1, => !bad-value
--dst-opts 1: => !bad-value
--dst-len 4294967296 => !bad-value
--dst-len 8:9 => !bad-value
--dst-len 8 --dst-len 9 => !bad-rule
! --dst-opts 5 => !bad-rule
