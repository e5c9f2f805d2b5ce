# -j ECN: what IP and TCP say of congestion
table mangle
chain PREROUTING
with -p tcp
=> !bad-rule
--ecn-tcp-remove => =
--ecn-tcp-ece 1 => =
--ecn-tcp-cwr 0 => =
--ecn-tcp-ece 0 --ecn-tcp-cwr 1 => =
--ecn-tcp-cwr 1 --ecn-tcp-ece 1 => --ecn-tcp-ece 1 --ecn-tcp-cwr 1
--ecn-tcp-cwr 0 --ecn-tcp-ece 0 => --ecn-tcp-remove
--ecn-ip-ect 0 => =
--ecn-ip-ect 3 => =
--ecn-ip-ect 0x1 => --ecn-ip-ect 1
--ecn-tcp-remove --ecn-ip-ect 1 => --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 1
--ecn-ip-ect 2 --ecn-tcp-ece 1 => --ecn-tcp-ece 1 --ecn-ip-ect 2
--ecn-ip-ect 4 => !bad-value
--ecn-tcp-cwr 2 => !bad-value
--ecn-tcp-remove --ecn-tcp-ece 1 => !bad-rule
