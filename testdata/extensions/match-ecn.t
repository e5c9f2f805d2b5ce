# -m ecn
with -p tcp

--ecn-tcp-cwr => =
! --ecn-tcp-ece => =
--ecn-ip-ect 2 => =
! --ecn-ip-ect 0 => =
--ecn-tcp-ece --ecn-ip-ect 1 --ecn-tcp-cwr => --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 1
--ecn-ip-ect 4 => !bad-value
