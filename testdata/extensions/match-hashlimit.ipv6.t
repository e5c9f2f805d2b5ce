# -m hashlimit in IPv6
family 6
--hashlimit-upto 10/sec --hashlimit-name a --hashlimit-srcmask 64 --hashlimit-dstmask 128 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name a --hashlimit-srcmask 64
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name b --hashlimit-srcmask 32 => =
--hashlimit-upto 10/sec --hashlimit-name c --hashlimit-srcmask 129 => !bad-value
