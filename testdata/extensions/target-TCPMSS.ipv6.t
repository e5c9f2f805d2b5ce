# -j TCPMSS: the header of IPv6 takes more room
family 6
table mangle
chain FORWARD
with -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN
--set-mss 65495 => =
--set-mss 65496 => !bad-value
