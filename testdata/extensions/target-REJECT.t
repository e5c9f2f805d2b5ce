# -j REJECT: dropped, and the sender is told
with -p tcp
--reject-with icmp-port-unreachable => =
--reject-with icmp-host-prohibited => =
--reject-with icmp-admin-prohibited => =
--reject-with tcp-reset => =
--reject-with tcp-rst => --reject-with tcp-reset
--reject-with host-unreach => --reject-with icmp-host-unreachable
--reject-with rudely => !bad-value