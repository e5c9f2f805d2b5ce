# -m tcp: the ports of TCP, flags and options
with -p tcp
=> =
--dport 80 => =
--sport 1024:65535 => =
! --dport 80 => =
--dport :1023 => --dport 0:1023
--dport 1024: => --dport 1024:65535
--dport http => --dport 80
--destination-port 80 => --dport 80
--source-port 80 --destination-port 90 => --sport 80 --dport 90
--syn => --tcp-flags FIN,SYN,RST,ACK SYN
! --syn => ! --tcp-flags FIN,SYN,RST,ACK SYN
--tcp-flags SYN,ACK SYN => =
--tcp-flags ALL NONE => --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE
--tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE => =
! --tcp-flags SYN,RST SYN,RST => =
--tcp-option 2 => =
! --tcp-option 4 => =
--dport 80 --tcp-flags FIN,SYN,RST,ACK SYN => =
--dport 65536 => !bad-value
--dport web => !bad-value
--tcp-flags SYN => !bad-rule
