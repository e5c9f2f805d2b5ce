# -m dst
family 6

=> =
--dst-len 8 => =
! --dst-len 8 --dst-opts 149:92,12:12 => =
--dst-opts 5 => =
--dst-opts x => !bad-value
