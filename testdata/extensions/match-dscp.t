# -m dscp: six bits of the type of service; names become numbers

--dscp 0x2e => =
--dscp 46 => --dscp 0x2e
--dscp 056 => --dscp 0x2e
! --dscp 0 => ! --dscp 0x00
--dscp 63 => --dscp 0x3f
--dscp-class EF => --dscp 0x2e
--dscp-class af11 => --dscp 0x0a
! --dscp-class Af41 => ! --dscp 0x22
--dscp-class CS0 => --dscp 0x00
--dscp-class cs7 => --dscp 0x38
--dscp-class BE => --dscp 0x00
--dscp 64 => !bad-value
--dscp -1 => !bad-value
--dscp x => !bad-value
--dscp-class cs8 => !bad-value
--dscp-class LE => !bad-value
--dscp-class VA => !bad-value
--dscp 0x2e --dscp-class EF => !bad-rule
=> !bad-rule
