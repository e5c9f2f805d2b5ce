# -m mark: the mark of the packet
--mark 0x4000/0x4000 => =
! --mark 0x4000/0x4000 => =
--mark 1 => --mark 0x1
--mark 16384/16384 => --mark 0x4000/0x4000
--mark 0x0 => =
--mark 010 => --mark 0x8
--mark 0x1/0xffffffff => --mark 0x1
--mark x => !bad-value
--mark 0x100000000 => !bad-value
