# -m ipcomp
with -p ipcomp

--ipcompspi 18 => =
! --ipcompspi 18:20 --compres => =
--ipcompspi 5:4 => =
--ipcompspi x => !bad-value
