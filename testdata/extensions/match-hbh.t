# -m hbh
family 6

=> =
--hbh-len 8 => =
! --hbh-len 8 --hbh-opts 1:2,23:42,4 => =
--hbh-opts 5 => =
--hbh-opts x => !bad-value
