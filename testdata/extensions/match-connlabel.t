# -m connlabel: a label of the connection

--label 40 => --label "40"
--label "127" => =
--label 0x10 => --label "16"
! --label "40" => =
--label "40" --set => =
! --label "40" --set => =
--label 128 => !bad-value
# A name is one of a file that is not in the dump.
--label name => --label "name" # kpt
--label "" => !bad-value
--set => !bad-rule
