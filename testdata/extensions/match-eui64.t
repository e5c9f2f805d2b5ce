# -m eui64
family 6

=> =
