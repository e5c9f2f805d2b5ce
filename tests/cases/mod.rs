//! Case files of extensions: what is given, what iptables-save prints, or the code of the diagnostic.
//!
//! A file is called `match-NAME.t` or `target-NAME.t`; cases that need another scene stand beside it, as in
//! `target-NAME.ipv6.t`. Its first lines set the scene (`table nat`, `chain POSTROUTING`,
//! `with -p tcp`, `family 6`, `after -t mangle -A INPUT ...` for what iptables is told first); then each line is `GIVEN => PRINTED`, `GIVEN => =` if it is printed as given, or
//! `GIVEN => !code` if it is refused. A line that ends in `# nft`, `# legacy` or `# kpt` is not for the others.

use std::fs;
use std::path::{Path, PathBuf};

/// A case file.
pub(crate) struct Cases {
    pub(crate) path: PathBuf,
    /// `-m NAME` or `-j NAME`.
    pub(crate) option: String,
    pub(crate) table: String,
    pub(crate) chain: String,
    /// What stands before the extension.
    pub(crate) with: String,
    pub(crate) v6: bool,
    /// What iptables is told before.
    pub(crate) after: Vec<String>,
    pub(crate) lines: Vec<Case>,
}

/// One line.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) line: usize,
    pub(crate) given: String,
    pub(crate) printed: Printed,
    /// Only for this engine: `nft`, `legacy` or `kpt`.
    pub(crate) only: Option<String>,
}

/// What becomes of it.
#[derive(Clone)]
pub(crate) enum Printed {
    As(String),
    Refused(String),
}

impl Cases {
    fn read(path: PathBuf) -> Self {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let (kind, name) = stem.split_once('-').expect("match-NAME or target-NAME");
        let name = name.split('.').next().expect("a name");
        let option = format!("{} {name}", if kind == "match" { "-m" } else { "-j" });
        let mut cases = Self {
            option,
            table: "filter".into(),
            chain: "INPUT".into(),
            with: String::new(),
            v6: false,
            after: Vec::new(),
            lines: Vec::new(),
            path,
        };
        let text = fs::read_to_string(&cases.path).expect("a case file");
        for (index, line) in text.lines().enumerate() {
            cases.line(index + 1, line.trim());
        }
        cases
    }

    fn line(&mut self, number: usize, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        if let Some((given, rest)) = line.split_once("=>") {
            let (printed, only) = match rest.rsplit_once(" # ") {
                Some((printed, only)) => (printed.trim(), Some(only.trim().to_owned())),
                None => (rest.trim(), None),
            };
            let given = given.trim().to_owned();
            let printed = match printed.strip_prefix('!').filter(|code| !code.starts_with(' ')) {
                Some(code) => Printed::Refused(code.to_owned()),
                None if printed == "=" => Printed::As(given.clone()),
                None => Printed::As(printed.to_owned()),
            };
            self.lines.push(Case { line: number, given, printed, only });
            return;
        }
        match line.split_once(' ') {
            Some(("table", table)) => table.clone_into(&mut self.table),
            Some(("chain", chain)) => chain.clone_into(&mut self.chain),
            Some(("with", with)) => with.clone_into(&mut self.with),
            Some(("family", "6")) => self.v6 = true,
            Some(("after", command)) => self.after.push(command.to_owned()),
            _ => panic!("{}:{number}: neither a case nor a setting: {line}", self.path.display()),
        }
    }

    /// A rule with these options.
    pub(crate) fn rule(&self, options: &str) -> String {
        let words = [&format!("-A {}", self.chain), &self.with, &self.option, options];
        words.into_iter().filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>().join(" ")
    }

    /// The file and line of a case.
    pub(crate) fn place(&self, case: &Case) -> String {
        format!("{}:{}", self.path.file_name().expect("a name").to_string_lossy(), case.line)
    }
}

/// Every case file.
pub(crate) fn all() -> Vec<Cases> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/extensions");
    let entries = fs::read_dir(folder).expect("testdata/extensions");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(Cases::read).collect()
}
