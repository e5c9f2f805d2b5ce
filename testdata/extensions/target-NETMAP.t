# -j NETMAP: one network onto another
table nat
chain PREROUTING
=> !bad-rule
--to 10.1.0.0/16 => =
--to 10.1.2.3/32 => =
--to 10.1.2.3 => --to 10.1.2.3/32
--to here => !bad-value
