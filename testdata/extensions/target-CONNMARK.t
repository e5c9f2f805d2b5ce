# -j CONNMARK: the mark of the connection
table mangle
chain PREROUTING
=> !bad-rule
--set-xmark 0x1/0xffffffff => =
--set-mark 1 => --set-xmark 0x1/0xffffffff
--set-mark 0x1/0x3 => --set-xmark 0x1/0x3
--set-mark 0x4/0x3 => --set-xmark 0x4/0x7
--set-mark 1 --mask 0xff => --set-xmark 0x1/0xff
--set-mark 1 --nfmask 0xff => --set-xmark 0x1/0xffffffff
--or-mark 0x4000 => --set-xmark 0x4000/0x4000
--and-mark 0xff => --set-xmark 0x0/0xffffff00
--xor-mark 0xff => --set-xmark 0xff/0x0
--save-mark => --save-mark --nfmask 0xffffffff --ctmask 0xffffffff
--save-mark --nfmask 0xff --ctmask 0xff00 => =
--save-mark --mask 0xff => --save-mark --nfmask 0xff --ctmask 0xff
--save-mark --nfmask 0xff => --save-mark --nfmask 0xff --ctmask 0xffffffff
--save-mark --ctmask 0xff => --save-mark --nfmask 0xffffffff --ctmask 0xff
--restore-mark => --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff
--restore-mark --nfmask 0xffffffff --ctmask 0xffffffff => =
--restore-mark --mask 0xff => --restore-mark --nfmask 0xff --ctmask 0xff
--set-xmark 0x1/0x3 --left-shift-mark 4 => =
--set-xmark 0x1/0x3 --right-shift-mark 31 => =
--set-xmark 1 --left-shift-mark 0 => --set-xmark 0x1/0xffffffff
--set-xmark 1 --left-shift-mark 1 --right-shift-mark 2 => --set-xmark 0x1/0xffffffff --right-shift-mark 2
--or-mark 0xff --left-shift-mark 2 => --set-xmark 0xff/0xff --left-shift-mark 2
--save-mark --left-shift-mark 4 => --save-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 4
--restore-mark --nfmask 0xff --ctmask 0xff00 --right-shift-mark 8 => =
--set-xmark 1 --right-shift-mark 32 => !bad-value
--set-mark x => !bad-value
--and-mark 0xff/0xff => !bad-value
--save-mark --nfmask x => !bad-value
--save-mark --nfmask 0xff/0xff => !bad-value
--save-mark --mask 0xff --nfmask 0xf => !bad-rule
--save-mark --restore-mark => !bad-rule
--save-mark --set-mark 1 => !bad-rule
--nfmask 0xff => !bad-rule
--left-shift-mark 4 => !bad-rule
