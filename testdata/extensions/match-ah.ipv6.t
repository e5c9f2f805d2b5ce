# -m ah in IPv6
with -p ah
family 6

=> =
--ahspi 256 => =
! --ahspi 1:2 ! --ahlen 20 --ahres => =
--ahlen 5 => =
