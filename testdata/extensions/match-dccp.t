# -m dccp: ports, types and options of DCCP
with -p dccp
=> =
--dport 80 => =
! --sport 1:1000 --dport 5 => =
--dport 2:3 --sport 1 => --sport 1 --dport 2:3
--dport 3:2 => =
--dport 0:65535 => =
! --dport 0:65535 => =
--dport http => --dport 80
--destination-port 5 => --dport 5
--dccp-types REQUEST => =
--dccp-types REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID => =
--dccp-types request,REQUEST => --dccp-types REQUEST
! --dccp-types RESET => =
--dccp-types INVALID,SYNCACK,DATA => --dccp-types DATA,SYNCACK,INVALID
--dccp-option 40 => =
--dccp-option 255 => =
--dccp-option 0x10 => --dccp-option 16
! --dccp-option 1 => =
--dport 80 --dccp-types ACK --dccp-option 3 => =
--dccp-option 5 --dccp-types ACK --sport 5 => --sport 5 --dccp-types ACK --dccp-option 5
# iptables takes 70000 for 4464
--dport 70000 => !bad-value # kpt
--dccp-types REQ => !bad-value
--dccp-types 1 => !bad-value
--dccp-option 0 => !bad-value
--dccp-option 256 => !bad-value
--dccp-option x => !bad-value
--dport 1 --dport 2 => !bad-rule
--dccp-types ACK --dccp-types DATA => !bad-rule
--dccp-option 5 --dccp-option 6 => !bad-rule
