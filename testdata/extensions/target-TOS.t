# -j TOS: bits of the type of service
table mangle
chain PREROUTING
=> !bad-rule
--set-tos 0x10/0x3f => =
--set-tos 0x10/0xff => =
--set-tos 0xff/0x0f => =
--set-tos 0x10 => --set-tos 0x10/0xff
--set-tos 16 => --set-tos 0x10/0xff
--set-tos 020 => --set-tos 0x10/0xff
--set-tos 0/0 => --set-tos 0x00/0x00
--set-tos Minimize-Delay => --set-tos 0x10/0x3f
--set-tos minimize-delay => --set-tos 0x10/0x3f
--set-tos Maximize-Throughput => --set-tos 0x08/0x3f
--set-tos Maximize-Reliability => --set-tos 0x04/0x3f
--set-tos Minimize-Cost => --set-tos 0x02/0x3f
--set-tos Normal-Service => --set-tos 0x00/0x3f
--and-tos 0x10 => --set-tos 0x00/0xef
--and-tos 0xff => --set-tos 0x00/0x00
--or-tos 0x10 => --set-tos 0x10/0x10
--xor-tos 0x10 => --set-tos 0x10/0x00
--set-tos 0x100 => !bad-value
--set-tos Maximize-Delay => !bad-value
--or-tos 0x1/0x3 => !bad-value
--set-tos 0x10 --or-tos 0x1 => !bad-rule
