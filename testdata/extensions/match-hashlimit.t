# -m hashlimit: a token bucket for each client
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name ssh => =
--hashlimit-above 5/min --hashlimit-burst 5 --hashlimit-mode srcip,dstport --hashlimit-name a => =
--hashlimit 3/hour --hashlimit-burst 7 --hashlimit-name b => --hashlimit-upto 3/hour --hashlimit-burst 7 --hashlimit-name b
! --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name c => --hashlimit-above 10/sec --hashlimit-burst 5 --hashlimit-name c
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name d --hashlimit-htable-size 1024 --hashlimit-htable-max 2048 --hashlimit-htable-gcinterval 500 --hashlimit-htable-expire 10000 => =
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name e --hashlimit-srcmask 24 => =
--hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name f => =
--hashlimit-name g => !bad-rule
--hashlimit-upto often --hashlimit-name h => !bad-value
