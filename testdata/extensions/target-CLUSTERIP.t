# -j CLUSTERIP: hosts that share an address. Linux no longer has it; what is printed was asked of iptables 1.8.9 without a kernel.
with -d 10.0.0.9/32 -i eth0
=> = # kpt
--new --hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 --hash-init 0 => = # kpt
--new --hashmode sourceip --clustermac 01:00:5e:00:00:01 --total-nodes 2 --local-node 1 => --new --hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 --hash-init 0 # kpt
--new --hashmode sourceip-sourceport --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 --hash-init 5 => = # kpt
--local-node 16 --new --total-nodes 16 --hashmode sourceip-sourceport-destport --hash-init 0x10 --clustermac 01:00:5E:00:00:01 => --new --hashmode sourceip-sourceport-destport --clustermac 01:00:5E:00:00:01 --total-nodes 16 --local-node 16 --hash-init 16 # kpt
--new --hashmode sourceip --clustermac 02:00:5E:00:00:01 --total-nodes 2 --local-node 1 => !bad-value
--new --hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 17 --local-node 3 => !bad-value
--new --hashmode source --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 => !bad-value
--new --hashmode sourceip --clustermac x --total-nodes 2 --local-node 1 => !bad-value
--new --hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 2 => !bad-rule
--hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 => !bad-rule
--new => !bad-rule
--hash-init 1 => !bad-rule
