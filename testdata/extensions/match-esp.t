# -m esp: the SPI of an encrypted packet
with -p esp
=> =
--espspi 500 => =
--espspi 0 => =
--espspi 4294967295 => =
--espspi 0x10 => --espspi 16
--espspi 010 => --espspi 8
--espspi 256:300 => =
! --espspi 256:300 => =
! --espspi 256 => =
--espspi :5 => --espspi 0:5
--espspi 5: => --espspi 5:4294967295
# nothing is from 300 to 256
--espspi 300:256 => =
--espspi 0:4294967295 =>
! --espspi 0:4294967295 =>
--espspi 4294967296 => !bad-value
--espspi -1 => !bad-value
--espspi 1:2:3 => !bad-value
--espspi a => !bad-value
--espspi 1 --espspi 2 => !bad-rule
--espspi => !bad-rule
