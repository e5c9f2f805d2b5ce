# -m set: is it in an ipset
--match-set test src => =
! --match-set test dst => =
--match-set test src,dst => =
--match-set test src --return-nomatch => =
--match-set test src ! --update-counters => =
--match-set test src --packets-gt 5 => =
--match-set test => !bad-rule
--match-set test src,dst,src,dst,src,dst => =
--match-set test src --packets-eq 0x10 => --match-set test src --packets-eq 16
--match-set test src ! --packets-eq 5 --bytes-lt 100 => =
--match-set test src --bytes-gt 18446744073709551615 => =
! --match-set test src --return-nomatch ! --update-counters ! --update-subcounters ! --packets-eq 1 ! --bytes-eq 2 => =
--match-set test src --update-counters => --match-set test src
--match-set test src,dst,src,dst,src,dst,src => !bad-value
--match-set test source => !bad-value
--match-set test src, => !bad-value
--match-set a-name-that-has-32-characters--- src => !bad-value
--match-set test src ! --return-nomatch => !bad-value
--match-set test src ! --packets-lt 5 => !bad-value
--match-set test src --packets-lt 5 --packets-gt 2 => !bad-value
--match-set test src --bytes-eq many => !bad-value
