# -m eui64: is the source address made from the Ethernet address?
family 6
=> =
--eui64 => !unknown-option
