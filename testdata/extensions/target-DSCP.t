# -j DSCP: the code point of differentiated services
table mangle
chain PREROUTING
=> !bad-rule
--set-dscp 0 => --set-dscp 0x00
--set-dscp 46 => --set-dscp 0x2e
--set-dscp 0x2e => =
--set-dscp 63 => --set-dscp 0x3f
--set-dscp-class EF => --set-dscp 0x2e
--set-dscp-class ef => --set-dscp 0x2e
--set-dscp-class BE => --set-dscp 0x00
--set-dscp-class cs0 => --set-dscp 0x00
--set-dscp-class CS1 => --set-dscp 0x08
--set-dscp-class CS7 => --set-dscp 0x38
--set-dscp-class AF11 => --set-dscp 0x0a
--set-dscp-class AF22 => --set-dscp 0x14
--set-dscp-class AF31 => --set-dscp 0x1a
--set-dscp-class af43 => --set-dscp 0x26
--set-dscp 64 => !bad-value
--set-dscp x => !bad-value
--set-dscp-class AF44 => !bad-value
--set-dscp-class VA => !bad-value
--set-dscp 1 --set-dscp-class EF => !bad-rule
