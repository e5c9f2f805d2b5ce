# -j AUDIT: a record for the audit log
--type accept => =
--type drop => =
--type reject => =
--type shrug => !bad-value
