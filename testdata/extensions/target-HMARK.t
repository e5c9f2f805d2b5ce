# -j HMARK: a hash becomes the mark
table mangle
chain PREROUTING
=> !bad-rule
--hmark-tuple src --hmark-mod 10 --hmark-rnd 0xdeafbeef => --hmark-src-prefix 32 --hmark-rnd 0xdeafbeef --hmark-mod 10
--hmark-tuple src,src --hmark-mod 10 --hmark-rnd 0 => --hmark-src-prefix 32 --hmark-rnd 0x00000000 --hmark-mod 10
--hmark-tuple proto,dport,sport,dst,src --hmark-mod 10 --hmark-rnd 1 => --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10
--hmark-tuple spi --hmark-mod 10 --hmark-rnd 1 => --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000001 --hmark-mod 10
--hmark-tuple ct --hmark-mod 3 --hmark-rnd 7 => --hmark-rnd 0x00000007 --hmark-mod 3 --hmark-tuple ct
--hmark-tuple ct,src --hmark-mod 10 --hmark-rnd 1 => --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct
--hmark-src-prefix 24 --hmark-rnd 0x00000001 --hmark-mod 16 --hmark-offset 32 => =
--hmark-src-prefix 0 --hmark-mod 0x10 --hmark-offset 0 --hmark-rnd 5 => --hmark-src-prefix 0 --hmark-rnd 0x00000005 --hmark-mod 16 --hmark-offset 0
--hmark-src-prefix 33 --hmark-mod 10 --hmark-rnd 1 => --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10
--hmark-tuple src --hmark-dst-prefix 8 --hmark-mod 3 --hmark-rnd 7 => --hmark-src-prefix 32 --hmark-dst-prefix 8 --hmark-rnd 0x00000007 --hmark-mod 3
--hmark-src-prefix 24 --hmark-dst-prefix 8 --hmark-sport-mask 0x00ff --hmark-dport-mask 0x000f --hmark-sport 0x0001 --hmark-dport 0x0002 --hmark-proto-mask 0x06 --hmark-rnd 0x00000007 --hmark-mod 3 --hmark-offset 0 => =
--hmark-spi 1 --hmark-spi-mask 2 --hmark-proto-mask 6 --hmark-mod 3 --hmark-rnd 7 => --hmark-spi-mask 0x00000002 --hmark-spi 0x00000001 --hmark-proto-mask 0x06 --hmark-rnd 0x00000007 --hmark-mod 3
--hmark-tuple src,sport --hmark-sport 0x0 --hmark-mod 3 --hmark-rnd 7 => --hmark-src-prefix 32 --hmark-sport-mask 0xffff --hmark-sport 0x0000 --hmark-rnd 0x00000007 --hmark-mod 3
--hmark-proto-mask 0x100 --hmark-mod 3 --hmark-rnd 7 => --hmark-proto-mask 0x100 --hmark-rnd 0x00000007 --hmark-mod 3
--hmark-tuple src --hmark-mod 3 --hmark-offset 4294967295 --hmark-rnd 4294967295 => --hmark-src-prefix 32 --hmark-rnd 0xffffffff --hmark-mod 3 --hmark-offset 4294967295
--hmark-tuple bogus --hmark-mod 10 --hmark-rnd 1 => !bad-value
--hmark-tuple src --hmark-mod 0 --hmark-rnd 1 => !bad-value
--hmark-tuple src --hmark-mod x --hmark-rnd 1 => !bad-value
--hmark-sport-mask 0x10000 --hmark-mod 3 --hmark-rnd 7 => !bad-value
--hmark-tuple src --hmark-src-prefix 24 --hmark-mod 10 --hmark-rnd 1 => !bad-value
--hmark-tuple src --hmark-tuple dst --hmark-mod 3 --hmark-rnd 7 => !bad-rule
--hmark-tuple src,sport,spi --hmark-mod 10 --hmark-rnd 1 => !bad-rule
--hmark-spi 1 --hmark-sport 1 --hmark-mod 3 --hmark-rnd 7 => !bad-rule
--hmark-tuple src --hmark-mod 10 => !bad-rule
--hmark-tuple src --hmark-rnd 1 => !bad-rule
--hmark-mod 3 --hmark-rnd 7 => !bad-rule
