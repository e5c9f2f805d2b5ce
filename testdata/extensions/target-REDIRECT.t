# -j REDIRECT: to the machine itself
table nat
chain PREROUTING
with -p tcp
=> =
--to-ports 8080 => =
--to-ports 8080-8090 => =
--to-ports 8080 --random => =
--random => =
--to-port 8080 => --to-ports 8080
--to-ports here => !bad-value
