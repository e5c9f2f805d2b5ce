# -j MASQUERADE: ports and how they are chosen
table nat
chain POSTROUTING
with -p udp
=> =
--to-ports 1024-65535 => =
--to-ports 53 => =
--to-ports 53-53 => --to-ports 53
--to-ports http => --to-ports 80
# A base is only read for DNAT; of this one iptables keeps 0.
--to-ports 80-90/80 => --to-ports 80-90/0
--random => =
--random-fully => =
--random --random-fully => =
--random-fully --random => --random --random-fully
--to-ports 1024-65535 --random-fully => =
--to-ports x => !bad-value
--to-ports 90-80 => !bad-value
--to-ports 65536 => !bad-value
--persistent => !unknown-option
