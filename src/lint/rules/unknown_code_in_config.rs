//! KPT092: a comment that names a lint that there is not.

use crate::lint::{Confidence, Findings, Input, Lint, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT092",
    name: "unknown-code-in-config",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/unknown-code-in-config.md"),
    check,
};

/// What is suppressed is known only when every lint has looked: `suppress.rs` finds it.
fn check(_input: &Input<'_, '_>, _findings: &mut Findings<'_, '_, '_>) {}
