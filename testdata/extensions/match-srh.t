# -m srh: segment routing
family 6

=> =
--srh-next-hdr 17 => =
! --srh-hdr-len-eq 8 => =
--srh-segs-left-eq 2 => =
--srh-segs-left-gt 2 => =
! --srh-segs-left-lt 5 => =
--srh-tag 0 --srh-last-entry-eq 4 => --srh-last-entry-eq 4 --srh-tag 0
--srh-last-entry-lt 4 => =
! --srh-psid a::/64 --srh-nsid b::/128 --srh-lsid c:: => ! --srh-psid a::/64 --srh-nsid b::/128 --srh-lsid c::/128
--srh-tag x => !bad-value
--srh-next-hdr 300 => !bad-value
