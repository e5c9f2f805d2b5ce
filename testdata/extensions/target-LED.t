# -j LED: lights a lamp. This machine's kernel has no LEDs; what is printed was asked of iptables 1.8.9 without a kernel.
=> !bad-rule
--led-trigger-id foo => --led-trigger-id "foo" # kpt
--led-trigger-id "foo bar" => = # kpt
--led-trigger-id "" => = # kpt
--led-trigger-id foo --led-delay 42 --led-always-blink => --led-trigger-id "foo" --led-delay 42 --led-always-blink # kpt
--led-always-blink --led-trigger-id foo => --led-trigger-id "foo" --led-always-blink # kpt
--led-trigger-id foo --led-delay 0x10 => --led-trigger-id "foo" --led-delay 16 # kpt
--led-trigger-id foo --led-delay 0 => --led-trigger-id "foo" # kpt
--led-trigger-id foo --led-delay inf => --led-trigger-id "foo" --led-delay -1 # kpt
# What iptables prints it does not read.
--led-trigger-id "foo" --led-delay -1 => = # kpt
--led-trigger-id foo --led-delay x => !bad-value
--led-trigger-id abcdefghijklmnopqrstuvwxyzabcd => !bad-value
--led-delay 5 => !bad-rule
