//! Problems of the input where nobody looks at a terminal: a line for each place, as compilers write them.

use crate::diagnostic::Located;

/// `node.rules:3:24: warning: ... [kpt::read::bad-value]`, then the other places and what to do.
pub fn problem(located: &Located<'_>) -> String {
    let code = located.diagnostic().code();
    let mut labels = located.labels().iter();
    let first = labels.next();
    let place =
        first.map_or_else(|| "kpt".to_owned(), |label| format!("{}:{}:{}", label.file, label.line, label.column));
    let reason = first.map(|label| format!(" ({})", label.text)).unwrap_or_default();
    let head = format!("{place}: {}: {located}{reason} [{}]\n", code.severity().name(), code.name());
    let others = labels.map(|label| format!("  {}:{}:{}: {}\n", label.file, label.line, label.column, label.text));
    let help = located.help().map(|help| format!("  help: {help}\n"));
    [head].into_iter().chain(others).chain(help).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Source, Span};

    #[test]
    fn a_problem_is_a_line() {
        let source = Source::new("node.rules", b"*nat\n-A X -j Y\nCOMMIT\n".to_vec());
        let diagnostic = Diagnostic::new(Code::UnknownTarget, "`Y` is neither a chain nor a target")
            .at(Span::new(13, 1), "jumps to nothing")
            .at(Span::new(0, 4), "the table")
            .help("declare the chain");
        insta::assert_snapshot!(problem(&Located::new(&diagnostic, &source)), @"
        node.rules:2:9: warning: `Y` is neither a chain nor a target (jumps to nothing) [kpt::read::unknown-target]
          node.rules:1:1: the table
          help: declare the chain
        ");
    }
}
