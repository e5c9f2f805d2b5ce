# -j NFQUEUE: to a program
=> --queue-num 0
--queue-num 1 => =
--queue-balance 0:3 => =
--queue-num 1 --queue-bypass => =
--queue-balance 0:3 --queue-cpu-fanout => =
--queue-num 0 => =
--queue-num x => !bad-value
