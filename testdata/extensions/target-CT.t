# -j CT: how the connection is tracked
table raw
chain PREROUTING
with -p tcp
--notrack => =
--zone 5 => =
--helper ftp => =
--zone-orig 5 => =
--zone mark => =
--ctevents new,destroy => =
--zone far => !bad-value
