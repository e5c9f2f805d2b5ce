# -m quota

--quota 1000 => =
! --quota 1000 => =
--quota 18446744073709551615 => =
--quota x => !bad-value
