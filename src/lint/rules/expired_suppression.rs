//! KPT091: an exception whose last day is over.

use crate::lint::{Confidence, Findings, Input, Lint, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT091",
    name: "expired-suppression",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/expired-suppression.md"),
    check,
};

/// What is suppressed is known only when every lint has looked: `suppress.rs` finds it.
fn check(_input: &Input<'_, '_>, _findings: &mut Findings<'_, '_, '_>) {}
