# -j DNAT: addresses, ports, ranges
table nat
chain PREROUTING
with -p tcp
--to-destination 172.17.0.2:80 => =
--to-destination 172.17.0.2 => =
--to-destination 10.0.0.1-10.0.0.9 => =
--to-destination 10.0.0.1-10.0.0.1 => --to-destination 10.0.0.1
--to-destination 10.0.0.1:80-90 => =
--to-destination 10.0.0.1-10.0.0.9:80-90 => =
--to-destination 10.0.0.1:80-80 => --to-destination 10.0.0.1:80
--to-destination 10.0.0.1:8000-8009/80 => =
--to-destination :8080 => =
--to-destination 10.0.0.1 --random => =
--to-destination 10.0.0.1 --random --persistent => =
--to-destination 10.0.0.1 --persistent --random => --to-destination 10.0.0.1 --random --persistent
--to-destination 10.0.0.9-10.0.0.1 => =
--to-destination web => !bad-value
--to-destination 10.0.0.1: => !bad-value
--to-destination 10.0.0.1:70000 => !bad-value
--random => !bad-rule
