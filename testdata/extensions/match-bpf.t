# -m bpf: a program decides

--bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0" => =
--bytecode "1,6 0 0 0" => =
--bytecode "1,6 0 0 4294967295" => =
--bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0," => --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"
--bytecode "1, 6 0 0 1 " => --bytecode "1,6 0 0 1"
# A pinned program has to be there.
--object-pinned /sys/fs/bpf/x => = # kpt
--bytecode x => !bad-value
--bytecode "" => !bad-value
--bytecode "0" => !bad-value
--bytecode "4" => !bad-value
--bytecode "2,6 0 0 1" => !bad-value
--bytecode "1,6 0 0" => !bad-value
--bytecode "1,0x6 0 0 1" => !bad-value
--bytecode "65,6 0 0 0" => !bad-value
! --bytecode "1,6 0 0 0" => !bad-value
--bytecode "1,6 0 0 1" --object-pinned /x => !bad-rule
=> !bad-rule
