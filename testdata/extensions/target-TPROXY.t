# -j TPROXY: to a local socket, addresses unchanged
table mangle
chain PREROUTING
with -p tcp
=> !bad-rule
--on-port 8080 => --on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
--on-port 0 => --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
--on-port http => --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0
--on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 => =
--on-port 8080 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1 => =
--on-port 8080 --tproxy-mark 1 => --on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff
--on-port 8080 --tproxy-mark 0xff/0x1 => --on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0xff/0x1
--tproxy-mark 0x1 --on-ip 127.0.0.1 --on-port 1 => --on-port 1 --on-ip 127.0.0.1 --tproxy-mark 0x1/0xffffffff
--on-port x => !bad-value
--on-port 0x50 => !bad-value
--on-port 8080 --tproxy-mark x => !bad-value
--on-port 8080 --on-ip fd00::1 => !bad-value
--on-ip 127.0.0.1 => !bad-rule
