# -j SET: an ipset takes note
table mangle
chain PREROUTING
--add-set test src => =
--del-set test dst => =
--add-set test src --exist => =
--add-set test src --timeout 60 => =
--add-set test src --exist --timeout 60 => =
--map-set test src --map-mark => =
--add-set test => !bad-rule
