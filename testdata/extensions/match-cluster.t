# -m cluster

--cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0xdeadbeef => --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0xdeadbeef
--cluster-total-nodes 4 --cluster-local-nodemask 0x5 --cluster-hash-seed 5 => --cluster-local-nodemask 0x00000005 --cluster-total-nodes 4 --cluster-hash-seed 0x00000005
--cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 1 => ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000001
--cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 5 => !bad-value
! --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 1 => !bad-value
--cluster-total-nodes 2 --cluster-local-node 1 => !bad-rule
