# -j TPROXY: to a local socket, addresses unchanged
table mangle
chain PREROUTING
with -p tcp
--on-port 8080 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1 => =
--on-port 8080 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 => =
--on-ip 127.0.0.1 => !bad-rule
