# -j ULOG: a copy to a program, before Linux 3.17
--ulog-prefix "a b" --ulog-nlgroup 1 => = # kpt
--ulog-prefix plain --ulog-nlgroup 2 --ulog-cprange 100 --ulog-qthreshold 5 => = # kpt
