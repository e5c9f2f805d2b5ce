# -j TRACE: written to the log, rule by rule
table raw
chain PREROUTING
=> =
--quux 1 => !unknown-option
