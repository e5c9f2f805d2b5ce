# -m state: the state of the connection
--state NEW => =
--state RELATED,ESTABLISHED => =
--state ESTABLISHED,RELATED => --state RELATED,ESTABLISHED
! --state INVALID => =
--state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED => =
--state FRESH => !bad-value
