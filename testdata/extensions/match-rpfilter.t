# -m rpfilter: would an answer leave by the interface it came in by
table raw
chain PREROUTING
=> =
--loose => =
--invert => =
--validmark --accept-local => =
--loose --validmark --accept-local --invert => =
