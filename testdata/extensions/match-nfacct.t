# -m nfacct: a counter by name
--nfacct-name web => --nfacct-name  web # kpt
--nfacct-name "two words" => --nfacct-name  "two words" # kpt
