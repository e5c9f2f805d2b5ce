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
--icmpv6-type destination-unreachable => --icmpv6-type 1
--icmpv6-type no-route => --icmpv6-type 1/0
--icmpv6-type communication-prohibited => --icmpv6-type 1/1
--icmpv6-type beyond-scope => --icmpv6-type 1/2
--icmpv6-type address-unreachable => --icmpv6-type 1/3
--icmpv6-type port-unreachable => --icmpv6-type 1/4
--icmpv6-type failed-policy => --icmpv6-type 1/5
--icmpv6-type reject-route => --icmpv6-type 1/6
--icmpv6-type time-exceeded => --icmpv6-type 3
--icmpv6-type ttl-exceeded => --icmpv6-type 3
--icmpv6-type ttl-zero-during-transit => --icmpv6-type 3/0
--icmpv6-type ttl-zero-during-reassembly => --icmpv6-type 3/1
--icmpv6-type parameter-problem => --icmpv6-type 4
--icmpv6-type bad-header => --icmpv6-type 4/0
--icmpv6-type unknown-header-type => --icmpv6-type 4/1
--icmpv6-type unknown-option => --icmpv6-type 4/2
--icmpv6-type ping => --icmpv6-type 128
--icmpv6-type echo-reply => --icmpv6-type 129
--icmpv6-type pong => --icmpv6-type 129
--icmpv6-type router-solicitation => --icmpv6-type 133
--icmpv6-type neighbor-solicitation => --icmpv6-type 135
--icmpv6-type neighbour-advertisement => --icmpv6-type 136
--icmpv6-type neighbor-advertisement => --icmpv6-type 136
--icmpv6-type redirect => --icmpv6-type 137
--icmpv6-type 0x80 => --icmpv6-type 128
--icmpv6-type 255/255 => =
# a name may be cut, in capitals or not
--icmpv6-type ECHO-REPLY => --icmpv6-type 129
--icmpv6-type bad => --icmpv6-type 4/0
--icmpv6-type echo => !bad-value
--icmpv6-type neigh => !bad-value
--icmpv6-type any => !bad-value
--icmpv6-type 256 => !bad-value
--icmpv6-type 1/256 => !bad-value
=> !bad-rule
--icmpv6-type 1 --icmpv6-type 2 => !bad-rule
