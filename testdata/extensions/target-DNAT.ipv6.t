# -j DNAT: addresses of IPv6 stand in brackets before a port
family 6
table nat
chain PREROUTING
with -p tcp
--to-destination fd00::1 => =
--to-destination fd00::1-fd00::9 => =
--to-destination FD00:0::1 => --to-destination fd00::1
--to-destination [fd00::1]:80 => =
--to-destination [fd00::1] => --to-destination fd00::1
--to-destination [fd00::1-fd00::9] => --to-destination fd00::1-fd00::9
--to-destination [fd00::1-fd00::9]:80-90 => =
--to-destination [fd00::9-fd00::1]:80 => =
--to-destination [fd00::1]:80-90/80 => =
--to-destination :80 => =
--to-destination fd00::1 --random --persistent => =
--to-destination [fd00::1]-[fd00::9]:80 => !bad-value
--to-destination 10.0.0.1 => !bad-value
