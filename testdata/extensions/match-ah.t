# -m ah: the SPI of an authenticated packet
with -p ah
=> =
--ahspi 500 => =
--ahspi 0x10 => --ahspi 16
! --ahspi 256:300 => =
--ahspi 5: => --ahspi 5:4294967295
--ahspi 0:4294967295 =>
! --ahspi 0:4294967295 =>
--ahspi a => !bad-value
--ahlen 24 => !unknown-option
--ahres => !unknown-option
