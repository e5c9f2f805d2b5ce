# -j SNAT: addresses, ports, ranges
table nat
chain POSTROUTING
with -p tcp
--to-source 10.0.0.1 => =
--to-source 10.0.0.1-10.0.0.9 => =
--to-source 10.0.0.1:1024-65535 => =
--to-source 10.0.0.1:80 => =
--to-source :1024-65535 => =
--to-source 10.0.0.1 --random => =
--to-source 10.0.0.1 --random-fully => =
--to-source 10.0.0.1 --persistent => =
--to-source 10.0.0.1 --random --random-fully --persistent => =
--to-source web => !bad-value
--random => !bad-rule
