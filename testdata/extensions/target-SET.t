# -j SET: an ipset takes note
table mangle
chain PREROUTING
=> !bad-rule
--add-set test src => =
--add-set test src,dst,src,dst,src,dst => =
--add-set test src --exist => =
--add-set test src --timeout 60 => =
--add-set test src --timeout 0 => =
--add-set test src --timeout 4294967294 => =
--add-set test src --timeout 60 --exist => --add-set test src --exist --timeout 60
--del-set test dst => =
--del-set test dst --add-set test src => --add-set test src --del-set test dst
--map-set test src --map-mark => =
--map-set test dst --map-mark --del-set test dst --add-set test src --exist --timeout 5 => --add-set test src --exist --timeout 5 --del-set test dst --map-set test dst --map-mark
--add-set test => !bad-rule
--add-set test sideways => !bad-value
--add-set test src,src,src,src,src,src,src => !bad-value
--add-set test src --timeout x => !bad-value
--add-set test src --timeout 4294967295 => !bad-value
--add-set test src --add-set test dst => !bad-rule
--add-set test src --map-mark => !bad-rule
--del-set test src --exist => !bad-rule
--del-set test src --timeout 5 => !bad-rule
--map-set test src => !bad-rule
--map-mark => !bad-rule
--exist => !bad-rule
