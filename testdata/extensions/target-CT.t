# -j CT: how the connection is tracked
table raw
chain PREROUTING
with -p tcp
=> =
--notrack => =
--zone 5 => =
--zone 65535 => =
--zone 0x10 => --zone 16
--zone 05 => --zone 5
--zone 0 =>
--zone mark => =
--zone-orig 5 => =
--zone-orig mark => =
--zone-orig 0 =>
--zone-reply 5 => =
--zone-reply mark => =
# There is one zone, in both directions or in one.
--zone-orig 5 --zone-reply 5 => --zone 5
--zone-orig 5 --zone-reply 6 => --zone 6
--zone 5 --zone-orig 6 => --zone-orig 6
--zone-reply 6 --zone 5 => --zone-reply 5
--zone mark --zone-orig 5 => --zone-orig mark
--zone 5 --zone-orig mark => --zone-orig mark
--notrack --zone 5 => =
--zone 5 --notrack => --notrack --zone 5
--helper ftp => =
--helper "" =>
--notrack --helper ftp => =
--ctevents new,destroy => =
--ctevents new,new => --ctevents new
--ctevents secmark,natseqinfo,mark,helper,protoinfo,assured,reply,destroy,related,new => --ctevents new,related,destroy,reply,assured,protoinfo,helper,mark,natseqinfo,secmark
--expevents new => =
--ctevents new --expevents new --zone 5 --helper ftp => --helper ftp --ctevents new --expevents new --zone 5
# This kernel has no timeout policy of that name; what is printed was asked of iptables 1.8.9 without a kernel.
--timeout pol => = # kpt
--timeout pol --helper ftp => --helper ftp --timeout pol # kpt
--zone far => !bad-value
--zone 65536 => !bad-value
--zone-reply far => !bad-value
--ctevents never => !bad-value
--ctevents New => !bad-value
--ctevents "" => !bad-value
--expevents destroy => !bad-value
