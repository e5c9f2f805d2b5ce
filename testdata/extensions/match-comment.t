# -m comment: words for people
--comment plain => =
--comment "default/web:http cluster IP" => =
--comment "" => =
--comment "it's 100% \\ \"sure\"" => --comment "it\'s 100% \\ \"sure\""
--comment a-b_c => =
--comment a/b => --comment "a/b"
--comment => !bad-rule
