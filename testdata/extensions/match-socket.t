# -m socket: is there a socket for it
table mangle
chain PREROUTING
=> =
--transparent => =
--nowildcard => =
--transparent --nowildcard => =
--restore-skmark => =
--transparent --nowildcard --restore-skmark => =
