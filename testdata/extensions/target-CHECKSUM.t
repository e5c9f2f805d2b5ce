# -j CHECKSUM: fill in the checksum
table mangle
chain POSTROUTING
with -p udp
=> !bad-rule
--checksum-fill => =
