# -j LOG: a line in the log
=> =
--log-prefix "dropped: " => =
--log-prefix plain => =
--log-level 7 => =
--log-level debug => --log-level 7
--log-level warning => 
--log-level 4 => 
--log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode => =
--log-prefix "a \"b\"" --log-level 6 --log-uid => =
--log-level loud => !bad-value
