# -m connbytes: what a connection has carried so far

--connbytes 100:200 --connbytes-mode packets --connbytes-dir original => =
--connbytes 5:5 --connbytes-mode packets --connbytes-dir original => =
! --connbytes 10:100 --connbytes-mode packets --connbytes-dir original => =
! --connbytes 5: --connbytes-mode packets --connbytes-dir original => ! --connbytes 5 --connbytes-mode packets --connbytes-dir original
--connbytes 5 --connbytes-mode avgpkt --connbytes-dir reply => =
--connbytes 1000: --connbytes-mode bytes --connbytes-dir both => --connbytes 1000 --connbytes-mode bytes --connbytes-dir both
--connbytes :5 --connbytes-mode packets --connbytes-dir both => --connbytes 0:5 --connbytes-mode packets --connbytes-dir both
--connbytes : --connbytes-mode packets --connbytes-dir both => --connbytes 0 --connbytes-mode packets --connbytes-dir both
--connbytes 0:0 --connbytes-mode packets --connbytes-dir reply => --connbytes 0 --connbytes-mode packets --connbytes-dir reply
--connbytes 0x10:020 --connbytes-mode packets --connbytes-dir both => --connbytes 16:16 --connbytes-mode packets --connbytes-dir both
--connbytes 0:18446744073709551615 --connbytes-mode bytes --connbytes-dir both => --connbytes 0 --connbytes-mode bytes --connbytes-dir both
--connbytes-dir both --connbytes-mode bytes --connbytes 7 => --connbytes 7 --connbytes-mode bytes --connbytes-dir both
--connbytes 10:5 --connbytes-mode packets --connbytes-dir both => !bad-value
--connbytes 5:18446744073709551616 --connbytes-mode packets --connbytes-dir both => !bad-value
--connbytes x --connbytes-mode packets --connbytes-dir both => !bad-value
--connbytes 5 --connbytes-mode packet --connbytes-dir both => !bad-value
--connbytes 5 --connbytes-mode packets --connbytes-dir originals => !bad-value
--connbytes 5 --connbytes-mode packets => !bad-rule
--connbytes 5 --connbytes-dir both => !bad-rule
--connbytes-mode packets --connbytes-dir both => !bad-rule
