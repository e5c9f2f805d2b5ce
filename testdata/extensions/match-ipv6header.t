# -m ipv6header
family 6

--header hop-by-hop => =
! --header hop,dst,route --soft => ! --header hop-by-hop,ipv6-opts,ipv6-route --soft
--header frag,auth,esp,none,prot => --header ipv6-frag,ah,esp,ipv6-nonxt,protocol
--header 43,44 => --header ipv6-route,ipv6-frag
--header ipv6-nonxt => =
--header x => !bad-value
--soft => !bad-rule
