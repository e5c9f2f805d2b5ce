# -j DNPT: one prefix of IPv6 in place of another
family 6
table mangle
chain PREROUTING
=> !bad-rule
--src-pfx dead::/64 --dst-pfx 1c3::/64 => =
--dst-pfx 1c3::/64 --src-pfx dead::/64 => --src-pfx dead::/64 --dst-pfx 1c3::/64
--src-pfx DEAD:0::/56 --dst-pfx 1c3::/56 => --src-pfx dead::/56 --dst-pfx 1c3::/56
--src-pfx dead::/56 --dst-pfx 1c3:0:0:1::/64 => =
--src-pfx fd00::/8 --dst-pfx fd00::/9 => =
--src-pfx dead::/64 => !bad-rule
--dst-pfx dead::/64 => !bad-rule
--src-pfx dead::/65 --dst-pfx 1c3::/64 => !bad-value
--src-pfx dead:: --dst-pfx 1c3::/64 => !bad-value
--src-pfx dead::1/64 --dst-pfx 1c3::/64 => !bad-value
--src-pfx dead:1:2:3::/48 --dst-pfx 1c3::/48 => !bad-value
--src-pfx x --dst-pfx 1c3::/48 => !bad-value
