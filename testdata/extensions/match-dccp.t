# -m dccp
with -p dccp

=> =
--dport 80 => =
! --sport 1:1000 --dport 5 => =
--dccp-types REQUEST,RESPONSE => =
! --dccp-types RESET => =
--dccp-types INVALID,SYNCACK,DATA => --dccp-types DATA,SYNCACK,INVALID
--dccp-option 40 => =
! --dccp-option 1 => =
--dport 80 --dccp-types ACK --dccp-option 3 => =
--dccp-types X => !bad-value
--dccp-option 256 => !bad-value
