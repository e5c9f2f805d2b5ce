# -m icmp: the type and code of an ICMP message
with -p icmp
=> !bad-rule
--icmp-type 8 => =
--icmp-type echo-request => --icmp-type 8
--icmp-type ping => --icmp-type 8
--icmp-type 3/4 => =
--icmp-type fragmentation-needed => --icmp-type 3/4
! --icmp-type 0 => =
--icmp-type any => =
--icmp-type 255 => --icmp-type any
--icmp-type 3 => =
--icmp-type destination-unreachable => --icmp-type 3
--icmp-type 8/0 => =
--icmp-type shout => !bad-value
--icmp-type 256 => !bad-value
