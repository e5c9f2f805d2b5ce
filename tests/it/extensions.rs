//! Every extension has a case file, and reads and prints as it says.

use kpt::extension::{matches, targets};
use kpt::ruleset::Ruleset;
use kpt::save::{TableName, scan};

use crate::cases::{self, Case, Cases, Printed};

#[test]
fn every_extension_has_a_case_file() {
    let written: Vec<String> = cases::all().into_iter().map(|cases| cases.option).collect();
    // `unlisted` is no extension of iptables: it stands for what a listing leaves out.
    let matches = matches::ALL.iter().map(|spec| spec.name).filter(|name| *name != "unlisted");
    let known = matches.map(|name| format!("-m {name}"));
    let known = known.chain(targets::ALL.iter().map(|spec| format!("-j {}", spec.name)));
    let missing: Vec<_> = known.filter(|option| !written.contains(option)).collect();
    assert!(missing.is_empty(), "no case file in testdata/extensions for {missing:?}");
}

#[test]
fn extensions_read_and_print_as_their_case_files_say() {
    let mut wrong = Vec::new();
    for cases in cases::all() {
        for case in cases.lines.iter().filter(|case| case.only.as_deref().is_none_or(|only| only == "kpt")) {
            if let Err(difference) = check(&cases, case) {
                wrong.push(format!("{}: {difference}", cases.place(case)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(cases: &Cases, case: &Case) -> Result<(), String> {
    let text = format!("*{}\n{}\nCOMMIT\n", cases.table, cases.rule(&case.given));
    let (mut documents, _) = scan(&text, None);
    let ruleset = Ruleset::new(documents.pop().ok_or("nothing read")?);
    let table = TableName::named(&cases.table).ok_or("no such table")?;
    let chain = ruleset.find(table, &cases.chain).ok_or("no such chain")?;
    let rules = ruleset.rules(chain);
    let problem = ruleset.diagnostics().next();
    match (&case.printed, problem) {
        (Printed::Refused(code), Some(problem)) if problem.code().name().ends_with(&format!("::{code}")) => Ok(()),
        (Printed::Refused(code), problem) => Err(format!("should be refused with {code}, but: {problem:?}")),
        (Printed::As(_), Some(problem)) => Err(format!("{problem} ({})", problem.code().name())),
        (Printed::As(printed), None) => {
            let rule = rules.first().ok_or("no rule")?;
            let is = format!("-A {}{}", cases.chain, rule.display(|id| ruleset.name(id)));
            let should = cases.rule(printed);
            if is == should { Ok(()) } else { Err(format!("prints\n  {is}\nand should print\n  {should}")) }
        }
    }
}
