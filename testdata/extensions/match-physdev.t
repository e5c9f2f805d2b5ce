# -m physdev: the port of a bridge
chain FORWARD
=> !bad-rule
--physdev-in eth0 => =
! --physdev-in eth0 => =
--physdev-is-bridged => =
--physdev-is-in => =
--physdev-in eth+ --physdev-is-bridged => =
--physdev-out eth1 --physdev-is-bridged => =
! --physdev-is-bridged => =
