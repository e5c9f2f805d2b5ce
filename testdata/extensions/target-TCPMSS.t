# -j TCPMSS: the maximum segment size
table mangle
chain FORWARD
with -p tcp -m tcp --tcp-flags SYN,RST SYN
=> !bad-rule
--clamp-mss-to-pmtu => =
--set-mss 1400 => =
--set-mss big => !bad-value
