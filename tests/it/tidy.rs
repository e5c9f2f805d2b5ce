//! The order of the house: imports point one way, every file says why it exists, every path in the documents is there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` with this extension.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a readable file")
}

/// The modules of `lib.rs`, in their order.
fn modules() -> Vec<String> {
    let lib = read(&root().join("src/lib.rs"));
    let module = |line: &str| line.strip_prefix("pub mod ").and_then(|rest| Some(rest.split_once(';')?.0.to_owned()));
    lib.lines().filter_map(module).collect()
}

#[test]
fn imports_point_one_way() {
    let order = modules();
    let place =
        |module: &str| order.iter().position(|name| name == module).unwrap_or_else(|| panic!("no module {module}"));
    let mut backwards = Vec::new();
    for path in files(&root().join("src"), "rs") {
        let inside = path.strip_prefix(root().join("src")).expect("below src");
        let module = inside.iter().next().expect("a name").to_string_lossy().trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let code = read(&path);
        for used in code.split("crate::").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()) {
            if order.iter().any(|name| name == used) && place(used) > place(&module) {
                backwards.push(format!("{} uses crate::{used}", inside.display()));
            }
        }
    }
    assert!(backwards.is_empty(), "a folder uses only those above it in lib.rs:\n{}", backwards.join("\n"));
}

#[test]
fn every_file_says_why_it_exists() {
    let mut silent = Vec::new();
    for folder in ["src", "tests", "fuzz/fuzz_targets"] {
        let without = files(&root().join(folder), "rs").into_iter().filter(|path| !read(path).starts_with("//! "));
        silent.extend(without);
    }
    assert!(silent.is_empty(), "these open without `//!`: {silent:#?}");
}

#[test]
fn every_path_in_the_documents_is_there() {
    let mut gone = Vec::new();
    let mut documents = files(&root().join("docs"), "md");
    documents.extend(["README.md", "CHANGELOG.md"].map(|name| root().join(name)));
    for document in documents {
        for path in paths(&read(&document)) {
            if !root().join(&path).exists() {
                gone.push(format!("{} names {path}", document.display()));
            }
        }
    }
    assert!(gone.is_empty(), "{}", gone.join("\n"));
}

/// What stands in backticks or behind a link and looks like a path of this project.
fn paths(text: &str) -> Vec<String> {
    const TOP: [&str; 7] = ["src/", "tests/", "testdata/", "docs/", "fuzz/", ".ci/", "benches/"];
    let quoted = text.split('`').skip(1).step_by(2);
    let linked = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    let looks = |path: &&str| TOP.iter().any(|top| path.starts_with(top)) && !path.contains(['*', ' ', '<', '{']);
    quoted.chain(linked).filter(looks).map(|path| path.split('#').next().unwrap_or(path).to_owned()).collect()
}

#[test]
fn there_is_no_house_for_leftovers() {
    let names = files(&root().join("src"), "rs").into_iter().map(|path| path.to_string_lossy().into_owned());
    // `-m helper` is a match of iptables.
    let names = names.filter(|name| !name.ends_with("matches/helper.rs"));
    let leftovers: Vec<_> =
        names.filter(|name| name.contains("util") || name.contains("common") || name.contains("helper")).collect();
    assert!(leftovers.is_empty(), "a helper lives with the idea it helps: {leftovers:#?}");
}
