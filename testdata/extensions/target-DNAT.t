# -j DNAT: addresses, ports, ranges
table nat
chain PREROUTING
with -p tcp
=> !bad-rule
--to-destination 172.17.0.2:80 => =
--to-destination 172.17.0.2 => =
--to-destination 10.0.0.1-10.0.0.9 => =
--to-destination 10.0.0.1-10.0.0.1 => --to-destination 10.0.0.1
--to-destination 10.0.0.9-10.0.0.1 => =
--to-destination 10.0.0.1:80-90 => =
--to-destination 10.0.0.1-10.0.0.9:80-90 => =
--to-destination 10.0.0.1:80-80 => --to-destination 10.0.0.1:80
--to-destination 10.0.0.1:0 => =
--to-destination 10.0.0.1:65535 => =
--to-destination 10.0.0.1:http => --to-destination 10.0.0.1:80
--to-destination 10.0.0.1:8000-8009/80 => =
--to-destination 10.0.0.1:8000-8009/65535 => =
--to-destination 10.0.0.1:8000-8009/http => --to-destination 10.0.0.1:8000-8009/80
--to-destination :8080 => =
--to-destination :80-90 => =
--to-destination 10.0.0.1 --random => =
--to-destination 10.0.0.1 --persistent => =
--to-destination 10.0.0.1 --persistent --random => --to-destination 10.0.0.1 --random --persistent
--to-destination web => !bad-value
--to-destination 10.0.0.1: => !bad-value
--to-destination 10.0.0.1- => !bad-value
--to-destination -10.0.0.1 => !bad-value
--to-destination 10.0.0.1/24 => !bad-value
--to-destination 10.0.0.1:70000 => !bad-value
--to-destination 10.0.0.1:90-80 => !bad-value
--to-destination 10.0.0.1:80/90 => !bad-value
--to-destination 10.0.0.1:80:90 => !bad-value
--to-destination 10.0.0.1:http-https => !bad-value
--to-destination 10.0.0.1:80-90/65536 => !bad-value
--to-destination fd00::1 => !bad-value
--to-destination 10.0.0.1 --random-fully => !unknown-option
--random => !bad-rule
! --to-destination 10.0.0.1 => !bad-rule
