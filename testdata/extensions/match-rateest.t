# -m rateest: compares rates that are measured
after -t mangle -A INPUT -j RATEEST --rateest-name re1 --rateest-interval 250ms --rateest-ewmalog 500ms
after -t mangle -A INPUT -j RATEEST --rateest-name re2 --rateest-interval 250ms --rateest-ewmalog 500ms

# One with a number.
--rateest re1 --rateest-lt --rateest-bps 1000Kbit => =
--rateest re1 --rateest-bps 1mbit --rateest-gt => --rateest re1 --rateest-gt --rateest-bps 1000Kbit
--rateest re1 ! --rateest-eq --rateest-pps 50 => =
--rateest1 re1 --rateest-pps2 0x10 ! --rateest-lt => --rateest re1 ! --rateest-lt --rateest-pps 16
--rateest re1 --rateest-lt --rateest-pps 5 --rateest-bps 10 => --rateest re1 --rateest-lt --rateest-bps 8bit --rateest-lt --rateest-pps 5
# Numbers that are left out, or are for differences, are 0.
--rateest re1 --rateest-lt --rateest-bps => --rateest re1 --rateest-lt --rateest-bps 0bit
--rateest re1 --rateest-pps --rateest-lt => --rateest re1 --rateest-lt --rateest-pps 0
--rateest re1 --rateest-gt --rateest-bps1 1kbit => --rateest re1 --rateest-gt --rateest-bps 0bit
# The last comparison counts.
--rateest re1 --rateest-bps 16bit --rateest-gt --rateest-lt => --rateest re1 --rateest-lt --rateest-bps 16bit
--rateest re1 --rateest-bps 16bit ! --rateest-gt --rateest-lt => --rateest re1 ! --rateest-lt --rateest-bps 16bit

# Rates are kept in bytes and printed in bits.
--rateest re1 --rateest-lt --rateest-bps 8 => --rateest re1 --rateest-lt --rateest-bps 8bit
--rateest re1 --rateest-lt --rateest-bps 1500bit => --rateest re1 --rateest-lt --rateest-bps 1496bit
--rateest re1 --rateest-lt --rateest-bps 999999 => --rateest re1 --rateest-lt --rateest-bps 999992bit
--rateest re1 --rateest-lt --rateest-bps 1.5mbit => --rateest re1 --rateest-lt --rateest-bps 1500Kbit
--rateest re1 --rateest-lt --rateest-bps 1536kibit => --rateest re1 --rateest-lt --rateest-bps 1573Kbit
--rateest re1 --rateest-lt --rateest-bps 1234567890bit => --rateest re1 --rateest-lt --rateest-bps 1235Mbit
--rateest re1 --rateest-lt --rateest-bps 1Gbit => --rateest re1 --rateest-lt --rateest-bps 1000Mbit
--rateest re1 --rateest-lt --rateest-bps 10bps => --rateest re1 --rateest-lt --rateest-bps 80bit
--rateest re1 --rateest-lt --rateest-bps 10kbps => --rateest re1 --rateest-lt --rateest-bps 80000bit
--rateest re1 --rateest-lt --rateest-bps 1MBPS => --rateest re1 --rateest-lt --rateest-bps 8000Kbit
--rateest re1 --rateest-lt --rateest-bps 1mibps => --rateest re1 --rateest-lt --rateest-bps 8389Kbit

# One with another.
--rateest1 re1 --rateest-gt --rateest-bps --rateest2 re2 => =
--rateest re1 --rateest2 re2 --rateest-lt --rateest-pps => --rateest1 re1 --rateest-lt --rateest-pps --rateest2 re2
--rateest1 re1 --rateest-gt --rateest-bps --rateest-pps --rateest2 re2 => --rateest1 re1 --rateest-gt --rateest-bps --rateest-gt --rateest-pps --rateest2 re2
# What iptables prints here it does not read.
--rateest1 re1 --rateest-gt --rateest-bps --rateest-gt --rateest-pps --rateest2 re2 => = # kpt

# Differences from numbers.
--rateest-delta --rateest re1 --rateest-bps1 20kbit --rateest-lt --rateest-bps2 10kbit => --rateest-delta --rateest re1 --rateest-bps1 20000bit --rateest-lt --rateest-bps2 10000bit
--rateest re1 --rateest-delta --rateest-pps1 100 --rateest-gt => --rateest-delta --rateest re1 --rateest-pps1 100 --rateest-gt --rateest-pps2 0
--rateest-delta --rateest1 re1 --rateest-bps1 1000Kbit --rateest-lt --rateest-bps2 2000Kbit --rateest2 re2 => =
--rateest-delta --rateest1 re1 --rateest-bps1 16bit ! --rateest-gt --rateest-bps2 8bit --rateest-pps1 1 --rateest-pps2 2 --rateest2 re2 => --rateest-delta --rateest1 re1 --rateest-bps1 16bit ! --rateest-gt --rateest-bps2 8bit --rateest-pps1 1 ! --rateest-gt --rateest-pps2 2 --rateest2 re2
--rateest-delta --rateest1 re1 --rateest-bps1 16bit ! --rateest-gt --rateest-bps2 8bit --rateest-pps1 1 ! --rateest-gt --rateest-pps2 2 --rateest2 re2 => = # kpt

=> !bad-rule
--rateest re1 --rateest-lt => !bad-rule
--rateest re1 --rateest-bps 10 => !bad-rule
--rateest2 re1 --rateest-gt --rateest-bps => !bad-rule
--rateest re1 --rateest1 re2 --rateest-gt --rateest-bps 10 => !bad-rule
! --rateest re1 --rateest-gt --rateest-bps 10 => !bad-value
--rateest re1 --rateest-lt --rateest-bps 10x => !bad-value
--rateest re1 --rateest-lt --rateest-pps x => !bad-value
--rateest re1 --rateest-lt --rateest-pps 4294967296 => !bad-value
