# -m owner: who sent it
chain OUTPUT
=> !bad-rule
--uid-owner 1000 => =
! --uid-owner 0 => =
--uid-owner 1000-1010 => =
--gid-owner 100 => =
--gid-owner 100-110 => =
--socket-exists => =
! --socket-exists => =
--uid-owner 1000 --gid-owner 100 => =
--uid-owner nobody-at-all => !bad-value
