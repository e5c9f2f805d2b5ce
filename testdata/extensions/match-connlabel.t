# -m connlabel

--label 40 => --label "40"
! --label "40" --set => =
--label 128 => !bad-value
# A name is one of a file that is not in the dump.
--label name => --label "name" # kpt
--set => !bad-rule
