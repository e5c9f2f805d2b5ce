# -m ipvs: this kernel does not have it. What `iptables -v -A` prints before it asks the kernel is the same in other words.
--ipvs => = # kpt
! --ipvs => = # kpt
--vproto 6 => = # kpt
! --vproto tcp => ! --vproto 6 # kpt
--vaddr 10.0.0.1 => = # kpt
--vaddr 10.0.0.1/8 => = # kpt
! --vaddr 10.0.0.0/255.0.0.0 => ! --vaddr 10.0.0.0/8 # kpt
--vport 80 => = # kpt
! --vport 0 => = # kpt
--vport http => --vport 80 # kpt
--vdir REPLY => = # kpt
--vdir original => --vdir ORIGINAL # kpt
! --vmethod MASQ => = # kpt
--vmethod gate => --vmethod GATE # kpt
! --vportctl 21 => = # kpt
--vportctl 21 --vmethod IPIP --vdir ORIGINAL --vport 80 --vaddr 10.0.0.0/8 --vproto 6 --ipvs => --vproto 6 --vaddr 10.0.0.0/8 --vport 80 --vdir ORIGINAL --vmethod IPIP --vportctl 21 # kpt
=> !bad-rule
! --ipvs --vproto 6 => !bad-rule
! --vdir REPLY => !bad-value
--vdir x => !bad-value
--vmethod xx => !bad-value
--vproto 300 => !bad-value
--vport x => !bad-value
