# -m multiport: up to fifteen ports
with -p tcp
--dports 80,443 => =
--sports 1024:65535 => =
--ports 53,5353 => =
! --dports 80,443 => =
--dports 22,8000:8010,443 => =
--destination-ports 80,443 => --dports 80,443
--port 53 => --ports 53
--dports http,https => --dports 80,443
--dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 => =
--dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 => !bad-value
--dports 90:80 => !bad-value
--dports web => !bad-value
