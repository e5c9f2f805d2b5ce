# -m ah: the authentication header of IPv6
family 6
=> =
--ahspi 0x10 => --ahspi 16
--ahspi 256:300 => =
! --ahspi 256:300 => =
--ahspi 3:1 => =
--ahspi :5 => --ahspi 0:5
--ahspi 5: => --ahspi 5:4294967295
--ahspi 0:4294967295 =>
! --ahspi 0:4294967295 =>
--ahlen 24 => =
! --ahlen 24 => =
--ahlen 0x18 => --ahlen 24
--ahlen 4294967295 => =
# a length of 0 is any
--ahlen 0 =>
! --ahlen 0 => =
--ahres => =
--ahres --ahlen 24 --ahspi 1 => --ahspi 1 --ahlen 24 --ahres
--ahspi x => !bad-value
--ahlen 24:30 => !bad-value
--ahlen 4294967296 => !bad-value
--ahspi 1 --ahspi 2 => !bad-rule
--ahlen 1 --ahlen 2 => !bad-rule
! --ahres => !bad-rule
