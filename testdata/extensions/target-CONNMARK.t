# -j CONNMARK: the mark of the connection
table mangle
chain PREROUTING
=> !bad-rule
--set-xmark 0x1/0xffffffff => =
--set-mark 1 => --set-xmark 0x1/0xffffffff
--set-mark 0x1/0x3 => --set-xmark 0x1/0x3
--or-mark 0x4000 => --set-xmark 0x4000/0x4000
--and-mark 0xff => --set-xmark 0x0/0xffffff00
--xor-mark 0xff => --set-xmark 0xff/0x0
--save-mark => --save-mark --nfmask 0xffffffff --ctmask 0xffffffff
--restore-mark => --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff
--save-mark --nfmask 0xff --ctmask 0xff => =
--restore-mark --mask 0xff => --restore-mark --nfmask 0xff --ctmask 0xff
--save-mark --nfmask 0xff --ctmask 0xff00 => =
--restore-mark --nfmask 0xffffffff --ctmask 0xffffffff => =
--set-mark x => !bad-value
