# -j MARK: the mark of the packet
table mangle
chain PREROUTING
=> !bad-rule
--set-xmark 0x4000/0x4000 => =
--set-xmark 0x0/0xffffffff => =
--set-xmark 0x4000/0x0 => =
--set-xmark 0x4000/0x4001 => =
--set-xmark 16384 => --set-xmark 0x4000/0xffffffff
--set-mark 1 => --set-xmark 0x1/0xffffffff
--set-mark 0x1/0x3 => --set-xmark 0x1/0x3
--set-mark 0x4/0x3 => --set-xmark 0x4/0x7
--set-mark 010 => --set-xmark 0x8/0xffffffff
--set-mark 4294967295 => --set-xmark 0xffffffff/0xffffffff
--or-mark 0x4000 => --set-xmark 0x4000/0x4000
--or-mark 0 => --set-xmark 0x0/0x0
--and-mark 0xffff => --set-xmark 0x0/0xffff0000
--and-mark 0 => --set-xmark 0x0/0xffffffff
--xor-mark 0x4000 => --set-xmark 0x4000/0x0
--set-mark x => !bad-value
--set-mark 1/x => !bad-value
--set-mark 0x1/ => !bad-value
--set-mark -1 => !bad-value
--set-mark 4294967296 => !bad-value
--or-mark 1/3 => !bad-value
--and-mark 1/3 => !bad-value
--set-mark 1 --or-mark 2 => !bad-rule
! --set-mark 1 => !bad-rule
