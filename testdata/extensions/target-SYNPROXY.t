# -j SYNPROXY: the host shakes hands in the server's place
with -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN
=> =
--sack-perm => =
--sack-perm --timestamp --wscale 7 --mss 1460 => =
--mss 1460 --wscale 9 => --wscale 9 --mss 1460
--ecn --wscale 3 --mss 5 --timestamp --sack-perm => --sack-perm --timestamp --wscale 3 --mss 5 --ecn
--mss 0 => =
--mss 65535 => =
--mss 0x10 => --mss 16
--wscale 0 => =
--wscale 15 => =
# iptables takes what is no number for 0.
--mss big => !bad-value # kpt
