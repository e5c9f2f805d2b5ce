# -j TEE: a copy goes to another host
family 6
table mangle
chain PREROUTING
--gateway fd00::1 => =
--gateway FD00::0:1 --oif eth0 => --gateway fd00::1 --oif eth0
--gateway :: => !bad-value
--gateway 10.0.0.1 => !bad-value
