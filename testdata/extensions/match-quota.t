# -m quota: bytes that are left

--quota 1000 => =
--quota 0 => =
--quota 0x10 => --quota 16
! --quota 1000 => =
--quota 18446744073709551615 => =
--quota 18446744073709551616 => !bad-value
--quota -1 => !bad-value
--quota x => !bad-value
=> !bad-rule
