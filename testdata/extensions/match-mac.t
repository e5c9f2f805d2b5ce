# -m mac: the hardware address of the sender
--mac-source 00:11:22:33:44:55 => =
! --mac-source 00:11:22:AA:BB:CC => ! --mac-source 00:11:22:aa:bb:cc
--mac-source 00:11:22:aa:bb:cc => =
--mac-source 00:11:22 => !bad-value
