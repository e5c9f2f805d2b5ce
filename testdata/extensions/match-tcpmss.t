# -m tcpmss: the maximum segment size
with -p tcp
--mss 1:1400 => =
--mss 1460 => =
! --mss 1461:65535 => =
--mss big => !bad-value
