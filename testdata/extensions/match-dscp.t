# -m dscp

--dscp 0x2e => =
--dscp 46 => --dscp 0x2e
! --dscp 0 => ! --dscp 0x00
--dscp 63 => --dscp 0x3f
--dscp-class EF => --dscp 0x2e
--dscp-class af11 => --dscp 0x0a
--dscp-class CS0 => --dscp 0x00
--dscp-class BE => --dscp 0x00
--dscp 64 => !bad-value
--dscp-class XX => !bad-value
