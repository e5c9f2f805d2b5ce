# -m connmark: the mark of the connection
--mark 0x1 => =
--mark 1 => --mark 0x1
--mark 0x4000/0x4000 => =
! --mark 0x0/0xff => =
--mark 010 => --mark 0x8
--mark 0xffffffff => =
--mark 0x1/0xffffffff => --mark 0x1
--mark 1x => !bad-value
--mark 0x100000000 => !bad-value
