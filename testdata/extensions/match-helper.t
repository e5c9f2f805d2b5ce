# -m helper: which helper announced the connection

--helper ftp => =
! --helper ftp => =
! --helper "ftp-2121" => ! --helper ftp-2121
--helper "a b" => =
--helper sip.1 => --helper "sip.1"
--helper "" => =
# A name has at most 29 bytes.
--helper abcdefghijabcdefghijabcdefghij => --helper abcdefghijabcdefghijabcdefghi
--helper äbcdefghijabcdefghijabcdefghijk => --helper "äbcdefghijabcdefghijabcdefgh"
=> !bad-rule
