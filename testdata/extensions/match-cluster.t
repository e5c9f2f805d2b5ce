# -m cluster: which node of several answers for the client

--cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0xdeadbeef => --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0xdeadbeef
--cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0xdeadbeef => =
--cluster-total-nodes 4 --cluster-local-nodemask 0x5 --cluster-hash-seed 5 => --cluster-local-nodemask 0x00000005 --cluster-total-nodes 4 --cluster-hash-seed 0x00000005
--cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 1 => ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001
--cluster-total-nodes 32 ! --cluster-local-nodemask 0xf --cluster-hash-seed 0 => ! --cluster-local-nodemask 0x0000000f --cluster-total-nodes 32 --cluster-hash-seed 0x00000000
--cluster-total-nodes 1 --cluster-local-node 1 --cluster-hash-seed 1 => --cluster-local-nodemask 0x00000001 --cluster-total-nodes 1 --cluster-hash-seed 0x00000001
--cluster-total-nodes 32 --cluster-local-node 32 --cluster-hash-seed 010 => --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000008
# 1.8.9 prints masks that it does not read again.
--cluster-local-nodemask 0xffffffff --cluster-total-nodes 32 --cluster-hash-seed 0x00000000 => = # kpt
--cluster-total-nodes 33 --cluster-local-node 1 --cluster-hash-seed 0 => !bad-value
--cluster-total-nodes 0 --cluster-local-node 1 --cluster-hash-seed 0 => !bad-value
--cluster-total-nodes x --cluster-local-node 1 --cluster-hash-seed 1 => !bad-value
--cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 5 => !bad-value
--cluster-total-nodes 2 --cluster-local-node 0 --cluster-hash-seed 5 => !bad-value
--cluster-total-nodes 2 --cluster-local-nodemask 0 --cluster-hash-seed 5 => !bad-value
--cluster-total-nodes 2 --cluster-local-nodemask 4 --cluster-hash-seed 5 => !bad-value
--cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed x => !bad-value
! --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 1 => !bad-value
--cluster-total-nodes 2 --cluster-local-node 1 --cluster-local-nodemask 1 --cluster-hash-seed 1 => !bad-rule
--cluster-total-nodes 2 --cluster-local-node 1 => !bad-rule
--cluster-total-nodes 2 --cluster-hash-seed 1 => !bad-rule
--cluster-local-node 1 --cluster-hash-seed 1 => !bad-rule
