# -m addrtype: what kind of address it is
=> !bad-rule
--dst-type LOCAL => =
! --dst-type LOCAL => =
--src-type UNICAST,BROADCAST,MULTICAST => =
--src-type MULTICAST,UNICAST => --src-type UNICAST,MULTICAST
--src-type local => --src-type LOCAL
--src-type LOCAL ! --dst-type LOCAL => =
--dst-type LOCAL --limit-iface-in => =
--dst-type UNSPEC,UNICAST,LOCAL,BROADCAST,ANYCAST,MULTICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE => =
--dst-type NEARBY => !bad-value
--dst-type => !bad-rule
