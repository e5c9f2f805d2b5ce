# -m helper

--helper ftp => =
! --helper "ftp-2121" => ! --helper ftp-2121
--helper "a b" => =
=> !bad-rule
