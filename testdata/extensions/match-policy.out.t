# -m policy: what IPsec will do to it
chain OUTPUT
--dir out --pol ipsec => =
--dir out --pol none => =
--dir out --pol ipsec --strict --proto ipcomp --next --proto esp --mode tunnel --tunnel-dst 10.0.0.2 --tunnel-src 10.0.0.1 => =
