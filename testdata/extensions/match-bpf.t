# -m bpf

--bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0" => =
# A pinned program has to be there.
--object-pinned /sys/fs/bpf/x => = # kpt
--bytecode "x" => !bad-value
--bytecode "2,6 0 0 1" => !bad-value
