# -m mh
with -p mobility-header
family 6

=> =
--mh-type 3 => =
! --mh-type 1:7 => =
--mh-type binding-refresh-request => --mh-type 0
--mh-type cot:be => --mh-type 4:7
--mh-type binding-update:binding-acknowledgement => --mh-type 5:6
--mh-type 256 => !bad-value
