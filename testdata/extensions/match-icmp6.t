# -m icmp6: the type and code of an ICMPv6 message
family 6
with -p ipv6-icmp
--icmpv6-type 128 => =
--icmpv6-type echo-request => --icmpv6-type 128
--icmpv6-type neighbour-solicitation => --icmpv6-type 135
! --icmpv6-type 1/4 => =
--icmpv6-type packet-too-big => --icmpv6-type 2
--icmpv6-type router-advertisement => --icmpv6-type 134
--icmpv6-type 255 => =
--icmpv6-type 1 => =
--icmpv6-type shout => !bad-value
