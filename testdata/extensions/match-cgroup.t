# -m cgroup: the control group of the socket

--cgroup 5 => =
! --cgroup 0x100001 => ! --cgroup 1048577
--cgroup 4294967295 => =
--path "/" => =
! --path / => ! --path "/"
--path "" => =
# Any other path has to be there.
--path foo/bar => --path "foo/bar" # kpt
! --path foo => = # kpt
--cgroup 4294967296 => !bad-value
--cgroup x => !bad-value
--cgroup 1 --path / => !bad-rule
=> !bad-rule
