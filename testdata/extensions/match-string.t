# -m string

--string "GET /" --algo bm => =
--algo kmp --string GET --from 10 --to 100 => --string "GET" --algo kmp --from 10 --to 100
! --string "a\"b\\c" --algo bm --icase => =
--hex-string "|474554|" --algo bm => --string "GET" --algo bm
--hex-string "|00 ff|abc" --algo kmp => --hex-string "|00ff616263|" --algo kmp
# Older versions print it.
--string "GET" --algo kmp --to 65535 => = # kpt
--hex-string "a|20|b" --algo bm --from 0 => --string "a b" --algo bm
--string "|41|" --algo bm => =
--string abc --algo bm --to 0 => --string "abc" --algo bm --to 0
--string "é" --algo bm => --hex-string "|c3a9|" --algo bm
--string "it's" --algo bm => =
--string abc --algo bm --from 5 --to 4 => !bad-value
--string "caf" --algo xx => !bad-value
--string "" --algo bm => !bad-value
--hex-string "|4|" --algo bm => !bad-value
--algo bm => !bad-rule
--string x => !bad-rule
