# -m time

--timestart 08:00:00 --timestop 18:00:00 --datestop 2038-01-19T03:14:07 => =
--timestart 22:00 --datestop 2038-01-19T03:14:07 => --timestart 22:00:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07
--timestop 06:00:30 --datestop 2038 => --timestart 00:00:00 --timestop 06:00:30 --datestop 2038-01-01T00:00:00
--timestart 8:5 --timestop 08:05:00 --datestop 2037 => --timestart 08:05:00 --timestop 08:05:00 --datestop 2037-01-01T00:00:00
--weekdays Mon,Tue,Fri --datestop 2038-01-19T03:14:07 => =
--weekdays 1,7 --datestop 2038-01-19T03:14:07 => --weekdays Mon,Sun --datestop 2038-01-19T03:14:07
--weekdays Mo,Tuesday --datestop 2038-01-19T03:14:07 => --weekdays Mon,Tue --datestop 2038-01-19T03:14:07
! --weekdays Sat,Sun --datestop 2038-01-19T03:14:07 => --weekdays Mon,Tue,Wed,Thu,Fri --datestop 2038-01-19T03:14:07
--monthdays 1,15,31 --datestop 2038-01-19T03:14:07 => =
! --monthdays 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29 --datestop 2037-01-01T00:00:00 => --monthdays 30,31 --datestop 2037-01-01T00:00:00
--datestart 2026-01-01T10 --datestop 2026-12-31T23:59:59 => --datestart 2026-01-01T10:00:00 --datestop 2026-12-31T23:59:59
--timestart 08:00:00 --timestop 18:00:00 --monthdays 5,6 --weekdays Mon --datestart 2026-01-01T00:00:00 --datestop 2026-02-01T00:00:00 --kerneltz => =
--timestart 22:00 --timestop 06:00 --datestop 2037-01-01T00:00:00 --contiguous => --timestart 22:00:00 --timestop 06:00:00 --datestop 2037-01-01T00:00:00 --contiguous
--localtz --timestart 08:00 --datestop 2037-01-01T00:00:00 => --timestart 08:00:00 --timestop 23:59:59 --datestop 2037-01-01T00:00:00 --kerneltz
--utc --timestart 08:00 --datestop 2037-01-01T00:00:00 => --timestart 08:00:00 --timestop 23:59:59 --datestop 2037-01-01T00:00:00
# Older versions print no stop date that was not given.
--timestart 08:00:00 --timestop 18:00:00 => = # kpt
--timestart 25:00 => !bad-value
--timestart 08:00:60 => !bad-value
--timestart 8 => !bad-value
--weekdays Xyz => !bad-value
--weekdays 0 => !bad-value
--weekdays mon => !bad-value
--monthdays 32 => !bad-value
--datestart 2026-13-01 => !bad-value
--datestart 26-01-01 => !bad-value
--datestart 2040-01-01 => !bad-value
--contiguous => !bad-value
