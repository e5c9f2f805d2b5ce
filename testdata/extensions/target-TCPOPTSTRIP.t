# -j TCPOPTSTRIP: options out of the TCP header
table mangle
chain PREROUTING
with -p tcp
=> =
--strip-options 2,3,4,5,8,19 => =
--strip-options mss,wscale,sack-permitted,sack,timestamp,md5 => --strip-options 2,3,4,5,8,19
--strip-options 8,2 => --strip-options 2,8
--strip-options 255 => =
--strip-options 0x8 => --strip-options 8
--strip-options 30,timestamp => --strip-options 8,30
--strip-options 0 => !bad-value
--strip-options 1 => !bad-value
--strip-options 256 => !bad-value
--strip-options 2,2 => !bad-value
--strip-options 5-8 => !bad-value
--strip-options MSS => !bad-value
--strip-options "" => !bad-value
