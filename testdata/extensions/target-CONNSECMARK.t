# -j CONNSECMARK: security marks between packet and connection
table security
chain INPUT
=> !bad-rule
--save => =
--restore => =
--save --restore => !bad-rule
