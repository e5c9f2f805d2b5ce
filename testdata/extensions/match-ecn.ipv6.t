# -m ecn in IPv6, without a protocol
family 6

--ecn-ip-ect 0 => =
! --ecn-ip-ect 3 => =
