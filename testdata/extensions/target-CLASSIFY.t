# -j CLASSIFY: the class of traffic control
table mangle
chain POSTROUTING
=> !bad-rule
--set-class 1:2 => --set-class 0001:0002
--set-class 0000:ffff => =
--set-class ffff:ffff => =
--set-class A:b => --set-class 000a:000b
--set-class 0xa:0xb => --set-class 000a:000b
# Of more than 16 bits the lower ones are kept.
--set-class 1ffff:10002 => --set-class ffff:0002
--set-class 1 => !bad-value
--set-class 1: => !bad-value
--set-class :1 => !bad-value
--set-class x:1 => !bad-value
