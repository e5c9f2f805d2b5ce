# -j TEE: a copy goes to another host
table mangle
chain PREROUTING
=> !bad-rule
--gateway 10.0.0.1 => =
--gateway 10.0.0.1 --oif eth0 => =
--oif eth0 --gateway 10.0.0.1 => --gateway 10.0.0.1 --oif eth0
--oif eth0 => !bad-rule
--gateway fd00::1 => !bad-value
--gateway 0.0.0.0 => !bad-value
--gateway x => !bad-value
