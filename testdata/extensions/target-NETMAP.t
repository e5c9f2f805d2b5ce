# -j NETMAP: one network onto another
table nat
chain PREROUTING
=> !bad-rule
--to 10.1.0.0/16 => =
--to 10.1.2.3/16 => --to 10.1.0.0/16
--to 10.1.2.3/32 => =
--to 10.1.2.3 => --to 10.1.2.3/32
--to 0.0.0.0/0 => =
--to 10.1.0.0/255.255.0.0 => --to 10.1.0.0/16
# A mask with gaps is not heeded.
--to 10.1.0.0/255.0.255.0 => --to 10.1.0.0/32
--to x => !bad-value
--to fd00::/64 => !bad-value
--to 10.1.2.3-10.1.2.9 => !bad-value
