//! What the documents show is what kpt prints.
//!
//! In a fence marked `console`, a line that starts with `$ kpt` is run in the folder of the project, and what stands
//! below it, up to the next command, is what it must print.

use std::fs;
use std::path::Path;

use crate::kpt::kpt;

/// Commands of a document with what they should print.
fn examples(text: &str) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(fence) => inside = !inside && fence == "console",
            None if !inside => {}
            None => match line.strip_prefix("$ ") {
                Some(command) => examples.push((command.to_owned(), String::new())),
                None => {
                    if let Some((_, printed)) = examples.last_mut() {
                        printed.push_str(line);
                        printed.push('\n');
                    }
                }
            },
        }
    }
    examples
}

/// The documents with examples.
const PAGES: [&str; 7] = [
    "README.md",
    "docs/semantics.md",
    "docs/architecture.md",
    "docs/lb-weights.md",
    "docs/logs.md",
    "docs/ci.md",
    "docs/lints/README.md",
];

#[test]
fn examples_print_what_the_documents_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut run = 0;
    for name in PAGES {
        for (command, shown) in examples(&fs::read_to_string(root.join(name)).expect("a document")) {
            let Some(words) = command.strip_prefix("kpt ") else { continue };
            let (words, input) = match words.split_once(" < ") {
                Some((words, file)) => (words, fs::read(root.join(file)).expect("the input of an example")),
                None => (words, Vec::new()),
            };
            // A page of the documents is 80 columns wide.
            let printed = kpt(words.split_whitespace().chain(["--width", "80"]), input);
            assert_eq!(printed.stdout, shown, "{name}: {command}");
            run += 1;
        }
    }
    assert!(run > 0, "no document shows an example");
}

#[test]
fn every_diagnostic_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/diagnostics.md")).expect("docs/diagnostics.md");
    for code in kpt::diagnostic::Code::ALL {
        assert!(page.contains(&format!("`{}`", code.name())), "docs/diagnostics.md lacks {}", code.name());
    }
}
