# -m hashlimit: a token bucket for each client. Rules that share a name have to agree, so each case has a name of its own.
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name ssh => =
--hashlimit-above 5/min --hashlimit-burst 5 --hashlimit-mode srcip,dstport --hashlimit-name a => =
--hashlimit 3/hour --hashlimit-burst 7 --hashlimit-name b => --hashlimit-upto 3/hour --hashlimit-burst 7 --hashlimit-name b
! --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name c => --hashlimit-above 10/sec --hashlimit-burst 5 --hashlimit-name c
! --hashlimit-above 10/sec --hashlimit-burst 5 --hashlimit-name c1 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name c1

# Rates in packets are saved as the time between two of them says.
--hashlimit-upto 10/sec --hashlimit-name r1 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name r1
--hashlimit-upto 10 --hashlimit-name r2 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name r2
--hashlimit-upto 10/S --hashlimit-name r3 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name r3
--hashlimit-upto 7/minute --hashlimit-name r4 => --hashlimit-upto 7/min --hashlimit-burst 5 --hashlimit-name r4
--hashlimit-upto 5/DAY --hashlimit-name r5 => --hashlimit-upto 5/day --hashlimit-burst 5 --hashlimit-name r5
--hashlimit-upto 300/sec --hashlimit-burst 5 --hashlimit-name r6 => =
--hashlimit-upto 6000/sec --hashlimit-name r7 => --hashlimit-upto 6024/sec --hashlimit-burst 5 --hashlimit-name r7
--hashlimit-upto 999999/sec --hashlimit-name r8 => --hashlimit-upto 1000000/sec --hashlimit-burst 5 --hashlimit-name r8
--hashlimit-upto 1/day --hashlimit-burst 1 --hashlimit-name r9 => =
--hashlimit-upto 10kb/min --hashlimit-name r10 => --hashlimit-upto 10/min --hashlimit-burst 5 --hashlimit-name r10
--hashlimit-upto 10KB/s --hashlimit-name r11 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name r11
--hashlimit-upto 10/sec --hashlimit-burst 0x10 --hashlimit-name r12 => --hashlimit-upto 10/sec --hashlimit-burst 16 --hashlimit-name r12
--hashlimit-upto 10/sec --hashlimit-burst 10kb --hashlimit-name r13 => --hashlimit-upto 10/sec --hashlimit-burst 10240 --hashlimit-name r13
--hashlimit-upto 10/sec --hashlimit-burst 1000000 --hashlimit-name r14 => =

# Rates in bytes are counted in sixteens, and bursts in seconds' worth of the rate.
--hashlimit-upto 512kb/s --hashlimit-name s1 => =
--hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name s2 => =
--hashlimit-upto 512kb/s --hashlimit-burst 600kb --hashlimit-name s3 => --hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name s3
--hashlimit-upto 512kb/s --hashlimit-burst 1000000 --hashlimit-name s4 => --hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name s4
--hashlimit-upto 10mb/second --hashlimit-name s5 => --hashlimit-upto 10mb/s --hashlimit-name s5
--hashlimit-upto 1000b/s --hashlimit-burst 5000b --hashlimit-name s6 => --hashlimit-upto 992b/s --hashlimit-burst 5kb --hashlimit-name s6
--hashlimit-upto 1000b/s --hashlimit-burst 992b --hashlimit-name s7 => --hashlimit-upto 992b/s --hashlimit-burst 992b --hashlimit-name s7
--hashlimit-upto 1024b/s --hashlimit-name s8 => --hashlimit-upto 1kb/s --hashlimit-name s8
--hashlimit-upto 100000b/s --hashlimit-name s9 => =
--hashlimit-upto 10000000b/s --hashlimit-name s10 => --hashlimit-upto 9766kb/s --hashlimit-name s10
--hashlimit-upto 99999kb/s --hashlimit-name s11 => --hashlimit-upto 100013kb/s --hashlimit-name s11
--hashlimit-upto 100mb/s --hashlimit-name s12 => =
--hashlimit-upto 5000mb/s --hashlimit-name s13 => --hashlimit-upto 5286113568b/s --hashlimit-name s13
--hashlimit-upto 1b/s --hashlimit-name s14 => --hashlimit-upto 0b/s --hashlimit-name s14
--hashlimit-upto 10Kb/s --hashlimit-name s15 => --hashlimit-upto 0b/s --hashlimit-name s15
--hashlimit-upto 1kb/s --hashlimit-burst 2000000b --hashlimit-name s16 => --hashlimit-upto 1kb/s --hashlimit-burst 1mb --hashlimit-name s16
--hashlimit-upto 1kb/s --hashlimit-burst 0x800 --hashlimit-name s17 => --hashlimit-upto 1kb/s --hashlimit-burst 2kb --hashlimit-name s17

# The keys have an order of their own.
--hashlimit-upto 10/sec --hashlimit-mode dstip,dstport,srcport,srcip --hashlimit-name k1 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip,srcport,dstip,dstport --hashlimit-name k1
--hashlimit-upto 10/sec --hashlimit-mode srcip,srcip, --hashlimit-name k2 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name k2
--hashlimit-upto 10/sec --hashlimit-mode "" --hashlimit-name k3 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name k3

# The table of buckets; what it has anyway is left out.
--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name d --hashlimit-htable-size 1024 --hashlimit-htable-max 2048 --hashlimit-htable-gcinterval 500 --hashlimit-htable-expire 10000 => =
--hashlimit-upto 10/sec --hashlimit-name t1 --hashlimit-htable-size 0 --hashlimit-htable-max 0 --hashlimit-htable-gcinterval 1000 --hashlimit-htable-expire 1000 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name t1
--hashlimit-upto 10/min --hashlimit-name t2 --hashlimit-htable-expire 60000 => --hashlimit-upto 10/min --hashlimit-burst 5 --hashlimit-name t2
--hashlimit-upto 10/min --hashlimit-burst 5 --hashlimit-name t3 --hashlimit-htable-expire 1000 => =
# It stays that of the unit that was given.
--hashlimit-upto 60/min --hashlimit-name t4 => --hashlimit-upto 1/sec --hashlimit-burst 5 --hashlimit-name t4 --hashlimit-htable-expire 60000
--hashlimit-upto 24/day --hashlimit-burst 1 --hashlimit-name t5 => --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-name t5 --hashlimit-htable-expire 86400000
--hashlimit-upto 512kb/s --hashlimit-name t6 --hashlimit-htable-expire 15000 => --hashlimit-upto 512kb/s --hashlimit-name t6
--hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name t7 --hashlimit-htable-expire 60000 => --hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name t7
--hashlimit-upto 512kb/s --hashlimit-burst 1mb --hashlimit-name t8 --hashlimit-htable-expire 15000 => =
--hashlimit-upto 10/sec --hashlimit-name t9 --hashlimit-htable-size 010 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name t9 --hashlimit-htable-size 8

--hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name e --hashlimit-srcmask 24 => =
--hashlimit-upto 10/sec --hashlimit-name e1 --hashlimit-srcmask 32 --hashlimit-dstmask 0 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name e1 --hashlimit-dstmask 0
--hashlimit-upto 10/sec --hashlimit-name e2 --hashlimit-srcmask 255.255.0.0 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name e2 --hashlimit-srcmask 16
--hashlimit-above 512kb/s --hashlimit-name e3 --hashlimit-burst 1mb --hashlimit-mode srcip --hashlimit-dstmask 8 --hashlimit-srcmask 16 --hashlimit-htable-expire 10 --hashlimit-htable-size 7 --hashlimit-htable-max 8 --hashlimit-htable-gcinterval 9 => --hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-mode srcip --hashlimit-name e3 --hashlimit-htable-size 7 --hashlimit-htable-max 8 --hashlimit-htable-gcinterval 9 --hashlimit-htable-expire 10 --hashlimit-srcmask 16 --hashlimit-dstmask 8

# Packets that are counted in an interval, of the length of the unit if it is not given, are so many in it.
--hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name m1 --hashlimit-rate-match => =
--hashlimit-upto 3/min --hashlimit-name m2 --hashlimit-rate-match => --hashlimit-upto 3/sec --hashlimit-burst 5 --hashlimit-name m2 --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 60
--hashlimit-upto 5/day --hashlimit-name m3 --hashlimit-rate-match --hashlimit-srcmask 24 --hashlimit-rate-interval 7 => --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name m3 --hashlimit-htable-expire 86400000 --hashlimit-srcmask 24 --hashlimit-rate-match --hashlimit-rate-interval 7
--hashlimit-upto 60/min --hashlimit-name m4 --hashlimit-rate-match --hashlimit-rate-interval 1 => --hashlimit-upto 60/sec --hashlimit-burst 5 --hashlimit-name m4 --hashlimit-htable-expire 60000 --hashlimit-rate-match
--hashlimit-upto 512kb/s --hashlimit-name m5 --hashlimit-rate-match --hashlimit-rate-interval 5 => =
--hashlimit-upto 10/sec --hashlimit-name m6 --hashlimit-rate-interval 5 => --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name m6

# Names are never quoted.
--hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name a_b-c.d => =
--hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name a$b => =

--hashlimit-name g => !bad-rule
--hashlimit-upto 5/min => !bad-rule
--hashlimit-upto 5/min --hashlimit-above 5/min --hashlimit-name h => !bad-rule
--hashlimit-upto often --hashlimit-name h => !bad-value
--hashlimit-upto 1000001/sec --hashlimit-name h => !bad-value
--hashlimit-upto 60000001/min --hashlimit-name h => !bad-value
--hashlimit-upto 0/sec --hashlimit-name h => !bad-value
--hashlimit-upto -5/sec --hashlimit-name h => !bad-value
--hashlimit-upto 10/x --hashlimit-name h => !bad-value
--hashlimit-upto 10/ --hashlimit-name h => !bad-value
--hashlimit-upto 10/days --hashlimit-name h => !bad-value
--hashlimit-upto 0kb/s --hashlimit-name h => !bad-value
--hashlimit-upto 99999mb/s --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-burst 0 --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-burst 1000001 --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-burst 1mb --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-burst x --hashlimit-name h => !bad-value
--hashlimit-upto 512kb/s --hashlimit-burst 100kb --hashlimit-name h => !bad-value
--hashlimit-upto 512kb/s --hashlimit-burst 2000000 --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-mode srcmac --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-mode SRCIP --hashlimit-name h => !bad-value
--hashlimit-upto 10/sec --hashlimit-name h --hashlimit-srcmask 33 => !bad-value
--hashlimit-upto 10/sec --hashlimit-name h --hashlimit-htable-expire 0 => !bad-value
--hashlimit-upto 10/sec --hashlimit-name h --hashlimit-htable-gcinterval 0 => !bad-value
--hashlimit-upto 10/sec --hashlimit-name h --hashlimit-htable-max 4294967296 => !bad-value
--hashlimit-upto 10/sec --hashlimit-name h --hashlimit-rate-match --hashlimit-rate-interval 0 => !bad-value
--hashlimit-upto 10/sec --hashlimit-name "" => !bad-value
--hashlimit-upto 10/sec --hashlimit-name a/b => !bad-value
