# -m connlimit: how many connections the client has
--connlimit-above 10 --connlimit-mask 24 => --connlimit-above 10 --connlimit-mask 24 --connlimit-saddr
--connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr => =
--connlimit-upto 5 --connlimit-mask 32 --connlimit-daddr => =
! --connlimit-above 10 --connlimit-mask 24 => --connlimit-upto 10 --connlimit-mask 24 --connlimit-saddr
--connlimit-above x => !bad-value
--connlimit-mask 24 => !bad-rule
