# -m set: is it in an ipset
--match-set test src => =
! --match-set test dst => =
--match-set test src,dst => =
--match-set test src --return-nomatch => =
--match-set test src ! --update-counters => =
--match-set test src --packets-gt 5 => =
--match-set test => !bad-rule
