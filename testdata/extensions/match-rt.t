# -m rt: the routing header
family 6
--rt-type 0 => =
! --rt-type 0 => =
--rt-segsleft 1:2 => =
--rt-type 0 --rt-len 8 => =
