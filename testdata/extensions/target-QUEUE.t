# -j QUEUE: to a program
=> = # legacy
=> !bad-rule # nft
--quux 1 => !unknown-option
