//! KPT090: a comment or an exception that suppresses nothing.

use crate::lint::{Confidence, Findings, Input, Lint, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT090",
    name: "unused-suppression",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/unused-suppression.md"),
    check,
};

/// What is suppressed is known only when every lint has looked: `suppress.rs` finds it.
fn check(_input: &Input<'_, '_>, _findings: &mut Findings<'_, '_, '_>) {}
