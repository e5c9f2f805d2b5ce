# -m mh: the type of a mobility header of IPv6
with -p mobility-header
family 6
=> =
--mh-type 0 => =
--mh-type 3 => =
--mh-type 255 => =
! --mh-type 1 => =
! --mh-type 1:7 => =
--mh-type 0x5 => --mh-type 5
--mh-type :3 => --mh-type 0:3
--mh-type 3: => --mh-type 3:255
--mh-type 0:255 =>
! --mh-type 0:255 =>
--mh-type binding-refresh-request => --mh-type 0
--mh-type brr => --mh-type 0
--mh-type home-test-init => --mh-type 1
--mh-type hoti => --mh-type 1
--mh-type careof-test-init => --mh-type 2
--mh-type coti => --mh-type 2
--mh-type home-test => --mh-type 3
--mh-type hot => --mh-type 3
--mh-type careof-test => --mh-type 4
--mh-type cot => --mh-type 4
--mh-type binding-update => --mh-type 5
--mh-type bu => --mh-type 5
--mh-type binding-acknowledgement => --mh-type 6
--mh-type ba => --mh-type 6
--mh-type binding-error => --mh-type 7
--mh-type be => --mh-type 7
--mh-type BU => --mh-type 5
--mh-type cot:be => --mh-type 4:7
# a name may be cut
--mh-type bind => --mh-type 0
--mh-type binding-u:binding-e => --mh-type 5:7
--mh-type home-test-i => --mh-type 1
--mh-type co => --mh-type 2
--mh-type 5:3 => !bad-value
--mh-type 256 => !bad-value
--mh-type x => !bad-value
--mh-type 1 --mh-type 2 => !bad-rule
