# -m recent: which clients were seen
--rcheck --seconds 10800 --reap --name KUBE-SEP-X --mask 255.255.255.255 --rsource => =
--set --name KUBE-SEP-X --mask 255.255.255.255 --rsource => =
--set --mask 255.255.255.255 => --set --name DEFAULT --mask 255.255.255.255 --rsource
! --rcheck --name x --mask 255.255.255.255 --rsource => =
--update --seconds 60 --hitcount 4 --rttl --name ssh --mask 255.255.255.255 --rdest => =
--remove --name x --mask 255.255.255.0 --rsource => =
--rcheck --seconds 1 --name x --mask 255.255.255.255 --rsource --rdest => --rcheck --seconds 1 --name x --mask 255.255.255.255 --rdest
--name x => !bad-rule
--rcheck --reap --name x => !bad-rule
--rcheck --seconds soon => !bad-value
