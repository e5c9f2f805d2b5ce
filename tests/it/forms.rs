//! One ruleset in every form that people have it in: the answers are those of the save.

use std::fs;
use std::path::{Path, PathBuf};

use crate::kpt::kpt;
use crate::scenario;

/// `testdata/forms/SCENARIO.FORM`
fn forms() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/forms");
    let mut forms: Vec<_> =
        fs::read_dir(folder).expect("testdata/forms").map(|entry| entry.expect("a file").path()).collect();
    forms.sort();
    forms
}

#[test]
fn every_form_has_the_same_answers() {
    let scenarios = scenario::all();
    let mut wrong = Vec::new();
    for form in forms() {
        let stem = form.file_stem().expect("a name").to_string_lossy().into_owned();
        let scenario = scenarios.iter().find(|scenario| scenario.name == stem).expect("the scenario of a form");
        wrong.extend(crate::scenarios::wrong(scenario, &form, true));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_form_can_be_said() {
    let read = |form: &str, text: &str| kpt(["show", "--check", "--quiet", "--input-format", form], text);
    let save = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n";
    let listing = "Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\nDROP all -- 0.0.0.0/0 0.0.0.0/0\n";
    assert_eq!(read("save", save).stdout, "understood: 1 table, 1 chain, 1 rule\n");
    assert_eq!(read("listing", listing).stdout, "understood: 1 table, 1 chain, 1 rule\n");
    assert_eq!(read("listing", save).code, 3);
    assert_eq!(read("save", listing).code, 3);
    assert_eq!(read("rules", "-A INPUT -j DROP\n").code, 0);
    assert_eq!(read("listing", "-A INPUT -j DROP\n").code, 3);
}
