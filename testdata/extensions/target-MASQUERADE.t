# -j MASQUERADE: the source becomes the address of the interface it leaves by
table nat
chain POSTROUTING
with -p tcp
=> =
--random-fully => =
--random => =
--to-ports 1024-65535 => =
--to-ports 1024 => =
--to-ports 1024-65535 --random => =
--to-ports 1024-65535 --random-fully => =
--to-ports many => !bad-value
