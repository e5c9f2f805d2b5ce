# -j HMARK: prefixes of IPv6 are longer
family 6
table mangle
chain PREROUTING
--hmark-src-prefix 64 --hmark-mod 10 --hmark-rnd 1 => --hmark-src-prefix 64 --hmark-rnd 0x00000001 --hmark-mod 10
--hmark-tuple src --hmark-mod 10 --hmark-rnd 1 => --hmark-src-prefix 128 --hmark-rnd 0x00000001 --hmark-mod 10
