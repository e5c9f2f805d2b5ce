# -m sctp: the ports of SCTP, and its chunks
with -p sctp
=> =
--dport 80 => =
! --sport 1024:65535 => =
--dport 80:90 --sport 1 => --sport 1 --dport 80:90
--dport :5 => --dport 0:5
--dport 0:65535 => =
! --dport 0:65535 => =
--chunk-types any INIT => =
--chunk-types only DATA,INIT => =
! --chunk-types only DATA,INIT => =
--dport 80 --chunk-types all SHUTDOWN => =
--chunk-types ANY init => --chunk-types any INIT
--chunk-types all INIT,DATA => --chunk-types all DATA,INIT
--chunk-types any INIT,INIT => --chunk-types any INIT
--chunk-types only DATA,INIT,INIT_ACK,SACK,HEARTBEAT,HEARTBEAT_ACK,ABORT,SHUTDOWN,SHUTDOWN_ACK,ERROR,COOKIE_ECHO,COOKIE_ACK,ECN_ECNE,ECN_CWR,SHUTDOWN_COMPLETE => =
--chunk-types any I_FORWARD_TSN,ASCONF,FORWARD_TSN,PAD,RE_CONFIG,ASCONF_ACK,I_DATA => --chunk-types any I_DATA,ASCONF_ACK,RE_CONFIG,PAD,FORWARD_TSN,ASCONF,I_FORWARD_TSN
--chunk-types any ALL => =
--chunk-types all ALL => =
--chunk-types only NONE => =
! --chunk-types any none => ! --chunk-types any NONE
--chunk-types any DATA:IUBE => =
--chunk-types any DATA:iube => =
--chunk-types any DATA:EB => --chunk-types any DATA:BE
--chunk-types any DATA:Be,ABORT:T,SHUTDOWN_COMPLETE:t => =
--chunk-types any DATA: => --chunk-types any DATA
--chunk-types any DATA:uU => --chunk-types any DATA:U
--chunk-types any DATA,DATA:B => --chunk-types any DATA:B
--chunk-types any DATA:e,DATA:B => --chunk-types any DATA:Be
--chunk-types any DATA:e,DATA:E => --chunk-types any DATA:E
--chunk-types any DATA:E,DATA:e => --chunk-types any DATA:E
# read, and forgotten
--chunk-types any I_DATA:Be => --chunk-types any I_DATA
--chunk-types none INIT => !bad-value
--chunk-types any FOO => !bad-value
--chunk-types any 1 => !bad-value
--chunk-types any AUTH => !bad-value
--chunk-types any DATA,ALL => !bad-value
--chunk-types any INIT:T => !bad-value
--chunk-types any DATA:X => !bad-value
--dport 99999 => !bad-value
--dport 3:2 => !bad-value
--chunk-types any => !bad-rule
--sport 5 --sport 6 => !bad-rule
--chunk-types any INIT --chunk-types all DATA => !bad-rule
! --chunk-types all DATA,INIT_ACK => =
--chunk-types only ALL => =
--chunk-types any DATA:BE => =
--chunk-types any DATA:iUBE,ABORT:T => =
--chunk-types any DATA:be,SHUTDOWN_COMPLETE:t => =
! --sport 1:5 --chunk-types any ASCONF,ASCONF_ACK,FORWARD_TSN,ECN_ECNE,ECN_CWR,COOKIE_ECHO,COOKIE_ACK,HEARTBEAT,HEARTBEAT_ACK,SACK,ERROR,SHUTDOWN,SHUTDOWN_ACK => ! --sport 1:5 --chunk-types any SACK,HEARTBEAT,HEARTBEAT_ACK,SHUTDOWN,SHUTDOWN_ACK,ERROR,COOKIE_ECHO,COOKIE_ACK,ECN_ECNE,ECN_CWR,ASCONF_ACK,FORWARD_TSN,ASCONF
--chunk-types some INIT => !bad-value
--chunk-types any X => !bad-value
