# -j NFLOG: a copy to a program
=> =
--nflog-group 1 => =
--nflog-prefix "a b" --nflog-group 5 => =
--nflog-prefix plain => =
--nflog-group 1 --nflog-threshold 10 => =
--nflog-group 1 --nflog-size 128 => =
--nflog-group 0 => 
--nflog-group x => !bad-value
