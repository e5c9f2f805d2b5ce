# -j DROP: the packet is gone
=> =
--quux 1 => !unknown-option
