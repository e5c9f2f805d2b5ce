# -j TPROXY: the unspecified address is that of IPv6
family 6
table mangle
chain PREROUTING
with -p udp
--on-port 8080 => --on-port 8080 --on-ip :: --tproxy-mark 0x0/0x0
--on-port 8080 --on-ip fd00::1 --tproxy-mark 0x1/0x1 => =
--on-port 8080 --on-ip 127.0.0.1 => !bad-value
