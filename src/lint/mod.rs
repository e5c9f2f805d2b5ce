//! What is wrong with a ruleset: a registry of lints, what each may look at, and what it finds.
//!
//! A lint is one file in `rules/`, one page in `docs/lints/` and one line in `rules/mod.rs`. It reports only what is certain:
//! where the input does not hold what it needs, it is told as skipped. *Invariant: nothing here knows a format, colour or
//! width, and nothing is opened or run.*

mod baseline;
mod config;
mod dead;
mod dump;
mod endpoints;
mod exception;
mod facts;
mod finding;
mod findings;
mod fingerprint;
mod inline;
mod input;
mod meta;
mod mode;
mod need;
mod one_cause;
mod owner;
mod page;
mod pods;
mod results;
mod rules;
mod run;
mod select;
mod suppress;

pub use baseline::{Baseline, baseline};
pub use config::{Config, LintConfig};
pub use dump::{Rules, Texts};
pub use exception::{Day, Exception};
pub use facts::{Facts, Listening, Sysctl};
pub use finding::{Finding, Place};
pub use findings::{Findings, Found};
pub use input::{Input, OtherRuleset};
pub use meta::{Confidence, FailOn, Level, Lint, Profile, Severity};
pub use mode::Mode;
pub use need::{Fact, Need};
pub use owner::Owner;
pub use page::{Case, Page, PageError};
pub use results::{Examined, Results, Shown, Told};
pub use rules::ALL;
pub use run::{Checked, Options, Skipped};
pub use select::{Selection, Selector};
pub use suppress::{By, Suppressed, Suppressions, exceptions};

/// The lint with this code or name; capitals do not matter.
pub fn named(text: &str) -> Option<&'static Lint> {
    ALL.iter().copied().find(|lint| lint.code.eq_ignore_ascii_case(text) || lint.name.eq_ignore_ascii_case(text))
}
