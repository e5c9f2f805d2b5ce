# -j SECMARK: a mark for SELinux, which this machine does not have; what is printed was asked of iptables 1.8.9 without it.
table security
chain INPUT
=> !bad-rule
--selctx system_u:object_r:httpd_packet_t:s0 => = # kpt
