# -m iprange: addresses from one to another
=> !bad-rule
--src-range 10.0.0.1-10.0.0.9 => =
! --src-range 10.0.0.1-10.0.0.9 => =
--dst-range 10.0.0.1-10.0.0.1 => =
--dst-range 10.0.0.1 => --dst-range 10.0.0.1-10.0.0.1
--src-range 10.0.0.1-10.0.0.9 ! --dst-range 10.1.0.0-10.1.255.255 => =
--src-range 10.0.0.9-10.0.0.1 => =
--src-range here-there => !bad-value
