# -m ecn: congestion in the headers of IP and TCP
with -p tcp

--ecn-tcp-ece => =
--ecn-tcp-cwr => =
! --ecn-tcp-ece => =
! --ecn-tcp-cwr => =
--ecn-ip-ect 2 => =
! --ecn-ip-ect 0 => =
--ecn-ip-ect 3 => =
--ecn-ip-ect 0x2 => --ecn-ip-ect 2
--ecn-tcp-ece --ecn-ip-ect 1 --ecn-tcp-cwr => --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 1
! --ecn-ip-ect 2 --ecn-tcp-ece ! --ecn-tcp-cwr => --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 2
--ecn-ip-ect 4 => !bad-value
--ecn-ip-ect x => !bad-value
=> !bad-rule
