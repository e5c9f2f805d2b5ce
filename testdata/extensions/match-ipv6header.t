# -m ipv6header: which headers a packet of IPv6 has
family 6
=> !bad-rule
--header hop-by-hop => =
! --header hop-by-hop => =
--header hop,dst,route,frag,auth,esp,none,prot => --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol
--header 0,60,43,44,51,50,59 => --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt
--header 255 => --header protocol
--header hopopt => --header hop-by-hop
--header prot,hop => --header hop-by-hop,protocol
--header hop,hop => --header hop-by-hop
--header ipv6-nonxt => =
--soft --header frag => --header ipv6-frag --soft
! --header hop,dst,route --soft => ! --header hop-by-hop,ipv6-opts,ipv6-route --soft
--header x => !bad-value
--header tcp => !bad-value
--header proto => !bad-value
--header HOP => !bad-value
--header 6 => !bad-value
--soft => !bad-rule
--header hop --header dst => !bad-rule
--header hop ! --soft => !bad-rule
