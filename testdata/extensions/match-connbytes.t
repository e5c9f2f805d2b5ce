# -m connbytes

--connbytes 1000: --connbytes-mode bytes --connbytes-dir both => --connbytes 1000 --connbytes-mode bytes --connbytes-dir both
! --connbytes 10:100 --connbytes-mode packets --connbytes-dir original => =
--connbytes 5 --connbytes-mode avgpkt --connbytes-dir reply => =
--connbytes :5 --connbytes-mode packets --connbytes-dir both => --connbytes 0:5 --connbytes-mode packets --connbytes-dir both
--connbytes 0:18446744073709551615 --connbytes-mode bytes --connbytes-dir both => --connbytes 0 --connbytes-mode bytes --connbytes-dir both
--connbytes 10:5 --connbytes-mode packets --connbytes-dir both => !bad-value
--connbytes 5 --connbytes-mode x --connbytes-dir both => !bad-value
--connbytes 5 => !bad-rule
