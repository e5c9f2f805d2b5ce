# -m ipvs: this kernel does not have it

--ipvs => = # kpt
! --vproto 6 --vaddr 10.0.0.0/8 --vport 80 => = # kpt
--vdir ORIGINAL --vmethod MASQ --vportctl 21 => = # kpt
=> !bad-rule # kpt
