# -j TCPMSS: the segment size that a SYN announces
table mangle
chain FORWARD
with -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN
=> !bad-rule
--set-mss 1400 => =
--set-mss 0 => =
--set-mss 65515 => =
--set-mss 0x100 => --set-mss 256
--clamp-mss-to-pmtu => =
--set-mss 1400 --clamp-mss-to-pmtu => --clamp-mss-to-pmtu
--set-mss big => !bad-value
--set-mss 65516 => !bad-value
