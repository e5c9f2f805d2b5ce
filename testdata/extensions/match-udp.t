# -m udp: the ports of UDP
with -p udp
=> =
--dport 53 => =
--sport 67:68 --dport 67:68 => =
! --dport 53 => =
--dport domain => --dport 53
--dport :1023 => --dport 0:1023
--dport 0 => =
--dport 90:80 => =
