# -j CLASSIFY: the class for traffic control
table mangle
chain POSTROUTING
--set-class 1:10 => --set-class 0001:0010
--set-class 0001:0010 => =
--set-class one => !bad-value
