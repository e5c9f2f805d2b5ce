# -m esp
with -p esp

=> =
--espspi 256 => =
! --espspi 0x100:300 => ! --espspi 256:300
--espspi :5 => --espspi 0:5
--espspi 5: => --espspi 5:4294967295
--espspi 0:4294967295 =>
--espspi 5:4 => =
--espspi x => !bad-value
