# -j NETMAP: one network onto another
family 6
table nat
chain PREROUTING
--to fd00::/64 => =
--to fd00::1/64 => --to fd00::/64
--to fd00::1 => --to fd00::1/128
--to fd00::/0 => --to ::/0
--to fd00::/ffff:ffff:: => --to fd00::/32
--to fd00::/ffff:0:ffff:: => --to fd00::/128
--to fd00::/129 => !bad-value
--to 10.0.0.0/8 => !bad-value
