# -m pkttype: to one, to all, to a group
--pkt-type unicast => =
--pkt-type broadcast => =
! --pkt-type multicast => =
--pkt-type host => --pkt-type unicast
--pkt-type bcast => --pkt-type broadcast
--pkt-type everyone => !bad-value
