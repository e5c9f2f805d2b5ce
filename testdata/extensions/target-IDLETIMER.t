# -j IDLETIMER: tells when no packet comes
=> !bad-rule
--timeout 600 --label foo => =
--label foo --timeout 600 => --timeout 600 --label foo
--timeout 0x10 --label hex => --timeout 16 --label hex
--timeout 604801 --label week => =
--timeout 2147482 --label long => =
--timeout 600 --label foo2 --alarm => =
--timeout 600 => !bad-rule
--label foo => !bad-rule
--timeout 0 --label zero => !bad-value
--timeout x --label a => !bad-value
--timeout 2147483 --label over => !bad-value
