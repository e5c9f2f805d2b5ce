//! One rule line, in a table of either family: it is read and printed, and what is printed reads back.

use kpt::ruleset::Ruleset;
use kpt::save::scan;

use super::reprint::{dump, reads_back};

const TABLES: [&str; 5] = ["filter", "nat", "mangle", "raw", "security"];

/// The first byte says which table of which family, `0` to `4` for those of IPv4 and `5` to `9` for those of IPv6; what
/// stands behind it is what stands behind `-A CHAIN `.
pub(crate) fn run(bytes: &[u8]) {
    let Some((scene, words)) = bytes.split_first() else { return };
    let scene = usize::from(scene.wrapping_sub(b'0'));
    let table = TABLES[scene % TABLES.len()];
    let kind = if (scene / TABLES.len()).is_multiple_of(2) { "iptables" } else { "ip6tables" };
    let words = String::from_utf8_lossy(words).replace('\n', " ");
    let text = dump(kind, table, &format!("-A X {words}\n"));
    let (documents, _) = scan(&text, None);
    for ruleset in documents.into_iter().map(Ruleset::new) {
        reads_back(&ruleset);
        let _ = ruleset.diagnostics();
    }
}
