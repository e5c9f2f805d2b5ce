# -j SNAT: addresses of IPv6 stand in brackets before a port
family 6
table nat
chain POSTROUTING
with -p udp
--to-source fd00::1 => =
--to-source fd00::1-fd00::9 --persistent => =
--to-source [fd00::1]:1024-65535 => =
--to-source [fd00::1-fd00::9]:80 --random-fully => =
--to-source 10.0.0.1 => !bad-value
