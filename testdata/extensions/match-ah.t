# -m ah
with -p ah

=> =
--ahspi 256 => =
! --ahspi 0x100:300 => ! --ahspi 256:300
--ahspi 0:4294967295 =>
--ahspi 5:4 => =
--ahlen 5 => !bad-value
--ahspi x => !bad-value
