# -m ipcomp: the compression parameter index of a compressed packet
with -p ipcomp
# iptables 1.8.9 asks for index 0 where none is given
=> --ipcompspi 0
--compres => --ipcompspi 0 --compres
--ipcompspi 18 => =
--ipcompspi 0x10 => --ipcompspi 16
! --ipcompspi 18:20 --compres => =
--compres --ipcompspi 5 => --ipcompspi 5 --compres
--ipcompspi 5: => --ipcompspi 5:4294967295
--ipcompspi 5:4 => =
--ipcompspi 65536 => =
--ipcompspi 0:4294967295 =>
! --ipcompspi 0:4294967295 =>
--ipcompspi x => !bad-value
--ipcompspi 1 --ipcompspi 2 => !bad-rule
! --compres => !bad-rule
