# -j RETURN: back to the rule after the jump, or to the policy
=> =
--quux 1 => !unknown-option
