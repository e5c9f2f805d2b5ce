#!/usr/bin/env bash
# Fills fuzz/corpus/TARGET from testdata: what each target starts from. One file for each input.
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=fuzz/corpus
mkdir -p "$corpus"/{scan,lint,rule,facts,packet,listing}

# Writes each line of standard input, without its end, as a seed of target $1; $2 tells them from others of that target.
lines() {
    LC_ALL=C sort -u | awk -v start="$corpus/$1/$2-" '{ file = start NR; printf "%s", $0 >file; close(file) }'
}

# Whole inputs.
whole() { for file in "$@"; do for target in scan lint; do cp "$file" "$corpus/$target/$(basename "$file")"; done; done; }
whole testdata/scenarios/*.rules testdata/listings/*
if [ -d testdata/forms ]; then whole testdata/forms/*; fi

# What stands behind `-A CHAIN`, with its table and family as the target takes them.
awk '
    BEGIN { split("filter nat mangle raw security", names); for (n in names) scene[names[n]] = n - 1 }
    FNR == 1 { six = /ip6tables/ ? 5 : 0; table = "filter" }
    /^\*/ { table = substr($0, 2) }
    /^-A / { sub(/^-A [^ ]+ ?/, ""); print scene[table] + six $0 }
' testdata/scenarios/*.rules | lines rule scenario

# The cases of extensions: what is given, and what is printed.
awk '
    BEGIN { split("filter nat mangle raw security", names); for (n in names) scene[names[n]] = n - 1 }
    FNR == 1 {
        six = 0; table = "filter"; before = ""
        file = FILENAME; sub(/.*\//, "", file); sub(/\.t$/, "", file)
        option = file ~ /^match-/ ? "-m " : "-j "; name = file; sub(/^[a-z]+-/, "", name); sub(/\..*/, "", name)
    }
    /^#/ || /^$/ { next }
    /^table / { table = $2; next }
    /^family 6/ { six = 5; next }
    /^with / { before = substr($0, 6) " "; next }
    /=>/ {
        given = $0; sub(/ *=>.*/, "", given); printed = $0; sub(/.*=> */, "", printed); sub(/ # [a-z]+$/, "", printed)
        start = scene[table] + six before option name
        print start (given == "" ? "" : " " given)
        if (printed != "=" && printed !~ /^![a-z]/) print start " " printed
    }
' testdata/extensions/*.t | lines rule case

# Rows of listings: as they are laid out by the target, and as they are.
awk '
    /^(Chain|num)/ || /^$/ { next }
    {
        six = FILENAME ~ /ip6/; target = substr($0, 18, 9); gsub(/ /, "", target); $0 = substr($0, 28)
        at = six ? 1 : 2; option = six ? "" : $2
        row = (target == "" ? "-" : target) " " $1 " " option " " $(at + 1) " " $(at + 2) " " $(at + 3) " " $(at + 4)
        for (n = at + 5; n <= NF; n++) row = row " " $n
        print (six ? "5" : "1") row
    }
' testdata/listings/* | lines listing laid-out
awk '/^(Chain|num)/ || /^$/ { next } { print "9" $0 }' testdata/listings/* | lines listing free

# The packets of the scenarios.
sed -n 's/^trace = "\(.*\)"$/\1/p' testdata/scenarios/*.toml | lines packet scenario
sed -n 's/^args = "trace \(.*\)"$/\1/p' testdata/diagnostics.toml | lines packet diagnostic
lines packet option <<'END'
--service default/web:http --icmp-type 8/0 -p icmp --ttl 64 --tos 0x10 --length 1500 --at 2026-11-23T17:30:00+01:00
-d [fd00::1]:80 -s fd00::2 --mac 02:00:00:00:00:01 --tcp-flags SYN,ACK --ctstate established --mark 0x4000
-d 10.0.0.1 -i eth0 -o eth1 --uid 1000 --gid 1000 --local --assume src:10.128.0.0/9=yes --assume sport:1-9=no
-d 10.0.0.1:80 --node-ip 10.0.0.1,10.0.0.2 --backend nft --expect delivered --minimal --format json --width 80
END

# The sets of the cases of ipset, one file for each case.
awk -v folder="$corpus/facts" '
    /^sets = """/ { file = folder "/sets-" ++count; printf "" >file; inside = 1; next }
    /^"""/ { inside = 0 }
    inside { print >file }
' testdata/ipset/*.toml
lines facts json <<'END'
[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},{"ifname":"eth0","addr_info":[{"local":"192.168.0.11","prefixlen":24},{"local":"fd00::1","prefixlen":64}]}]
[{"dst":"default","gateway":"192.168.0.1","dev":"eth0","protocol":"dhcp","flags":[]},{"dst":"10.1.0.0/16","dev":"flannel.1"},{"type":"blackhole","dst":"10.9.0.1"},{"dst":"fd00::/64","dev":"eth0","metric":256}]
END

for target in scan rule facts packet listing; do
    printf '%s: %s seeds\n' "$target" "$(find "$corpus/$target" -type f | wc -l)"
done
