# -j NOTRACK: the connection tracker does not see it
table raw
chain PREROUTING
=> =
--quux 1 => !unknown-option
