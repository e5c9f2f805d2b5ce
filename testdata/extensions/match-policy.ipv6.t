# -m policy in IPv6
family 6
--dir in --pol ipsec --strict --mode tunnel --tunnel-dst 2001:db8::/64 --tunnel-src 2001:db8::1 => =
--dir in --pol ipsec --mode tunnel --tunnel-src 2001:DB8::1/ffff:ffff:: --tunnel-dst ::/0 => --dir in --pol ipsec --mode tunnel --tunnel-dst ::/0 --tunnel-src 2001:db8::1/32
--dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.1 => !bad-value
