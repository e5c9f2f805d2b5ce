# -m sctp: the ports of SCTP, and its chunks
with -p sctp
=> =
--dport 80 => =
! --sport 1024:65535 => =
--dport 80:90 --sport 1 => --sport 1 --dport 80:90
--chunk-types any INIT => =
--chunk-types only DATA,INIT => =
--dport 80 --chunk-types all SHUTDOWN => =
--dport 99999 => !bad-value
! --chunk-types all DATA,INIT_ACK => =
--chunk-types only ALL => =
--chunk-types only NONE => =
--chunk-types any DATA:BE => =
--chunk-types any DATA:iUBE,ABORT:T => =
--chunk-types any DATA:be,SHUTDOWN_COMPLETE:t => =
! --sport 1:5 --chunk-types any ASCONF,ASCONF_ACK,FORWARD_TSN,ECN_ECNE,ECN_CWR,COOKIE_ECHO,COOKIE_ACK,HEARTBEAT,HEARTBEAT_ACK,SACK,ERROR,SHUTDOWN,SHUTDOWN_ACK => ! --sport 1:5 --chunk-types any SACK,HEARTBEAT,HEARTBEAT_ACK,SHUTDOWN,SHUTDOWN_ACK,ERROR,COOKIE_ECHO,COOKIE_ACK,ECN_ECNE,ECN_CWR,ASCONF_ACK,FORWARD_TSN,ASCONF
--chunk-types some INIT => !bad-value
--chunk-types any X => !bad-value
