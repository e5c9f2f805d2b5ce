# -m conntrack: what the connection tracker knows
with -p tcp
=> !bad-rule
--ctstate NEW => =
--ctstate RELATED,ESTABLISHED => =
--ctstate ESTABLISHED,RELATED => --ctstate RELATED,ESTABLISHED
--ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT => =
! --ctstate DNAT => =
--ctstate established => --ctstate ESTABLISHED
--ctproto tcp => --ctproto 6
--ctproto 132 => =
! --ctproto udp => ! --ctproto 17
--ctorigsrc 10.0.0.0/8 => =
--ctorigdst 10.1.2.3 --ctorigdstport 80 => =
--ctorigdst 10.1.2.3/32 => --ctorigdst 10.1.2.3
! --ctreplsrc 10.1.2.3 => =
--ctrepldst 10.1.2.3 --ctreplsrcport 80:90 => =
--ctorigsrcport 1024:65535 => =
--ctstatus ASSURED,SEEN_REPLY => --ctstatus SEEN_REPLY,ASSURED
--ctstatus NONE => =
--ctexpire 10:20 => =
--ctexpire 10 => =
--ctdir ORIGINAL => =
--ctdir REPLY => =
--ctstate NEW --ctdir ORIGINAL => =
--ctstate FRESH => !bad-value
--ctstate NEW, => !bad-value
--ctstatus KNOWN => !bad-value
--ctdir AWAY => !bad-value
