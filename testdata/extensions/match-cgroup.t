# -m cgroup

--cgroup 5 => =
! --cgroup 0x100001 => ! --cgroup 1048577
# A path has to be there.
--path foo/bar => = # kpt
! --path foo => = # kpt
--cgroup x => !bad-value
