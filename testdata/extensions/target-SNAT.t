# -j SNAT: addresses, ports, ranges
table nat
chain POSTROUTING
with -p tcp
=> !bad-rule
--to-source 10.0.0.1 => =
--to-source 10.0.0.1-10.0.0.9 => =
--to-source 10.0.0.9-10.0.0.1 => =
--to-source 10.0.0.1:1024-65535 => =
--to-source 10.0.0.1:80 => =
--to-source 10.0.0.1:0 => =
--to-source 10.0.0.1:http => --to-source 10.0.0.1:80
--to-source :80 => =
--to-source :80-90 => =
# A base is only read for DNAT; of this one iptables keeps 0, and would not read that back.
--to-source 10.0.0.1:80-90/80 => --to-source 10.0.0.1:80-90/0
--to-source 10.0.0.1 --random => =
--to-source 10.0.0.1 --random-fully => =
--to-source 10.0.0.1 --persistent => =
--to-source 10.0.0.1 --persistent --random-fully --random => --to-source 10.0.0.1 --random --random-fully --persistent
--to-source 10.0.0.1:90-80 => !bad-value
--to-source 10.0.0.0/8 => !bad-value
--to-source any => !bad-value
--to-source fd00::1 => !bad-value
--random => !bad-rule
