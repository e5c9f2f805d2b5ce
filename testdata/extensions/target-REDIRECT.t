# -j REDIRECT: to this host, on which port
table nat
chain PREROUTING
with -p tcp
=> =
--to-ports 8080 => =
--to-port 8080 => --to-ports 8080
--to-ports 80-90 => =
--to-ports 80-80 => --to-ports 80
--to-ports http => --to-ports 80
--to-ports 0 => =
--random => =
--to-ports 80 --random => =
--random --to-ports 80 => --to-ports 80 --random
--to-ports 90-80 => !bad-value
--to-ports 80:90 => !bad-value
--to-ports 80-90/80 => !bad-value
--to-ports 80- => !bad-value
--to-ports 65536 => !bad-value
--to-ports 1,2 => !bad-value
--to-ports "" => !bad-value
--random-fully => !unknown-option
