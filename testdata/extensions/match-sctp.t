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
