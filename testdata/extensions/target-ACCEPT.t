# -j ACCEPT: the packet goes on to the next hook
=> =
--quux 1 => !unknown-option
