# -m policy: what IPsec did to it
--dir in --pol ipsec => =
--dir in --pol none => =
--dir in --pol ipsec --proto esp => =
--dir in --pol ipsec --reqid 1 => =
--dir in --pol ipsec --strict --proto esp --mode tunnel --tunnel-dst 10.0.0.2 --tunnel-src 10.0.0.1 => =
--dir in --pol ipsec --strict --reqid 1 --proto esp --next --reqid 2 => =
--dir in --pol ipsec ! --proto ah => =
