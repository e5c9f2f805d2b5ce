//! The kinds of problems, each with a line in `docs/diagnostics.md`.

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; nothing is lost.
    Advice,
    /// Something is left out of the answer, or may be other than it seems.
    Warning,
    /// There is no answer, or none that can be relied on.
    Error,
}

impl Severity {
    /// The severity as it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Makes the enum, the list of all, and what each is called and how bad it is.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal, $severity:ident;)+) => {
        /// What kind of problem it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $code,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// The code as it is printed.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)+ }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// Arguments that make no sense together, or not for this input.
    Usage = "kpt::usage", Error;
    /// A file that cannot be opened, or an input that is too large.
    Unreadable = "kpt::read::unreadable", Error;
    /// The answer cannot be written.
    Unwritable = "kpt::write::failed", Error;
    /// Nothing to read in the input.
    Empty = "kpt::read::empty", Error;
    /// Text in which no line is one of iptables.
    NoRules = "kpt::read::no-rules", Error;
    /// The rules of another tool: nft, ebtables, arptables.
    OtherTool = "kpt::read::other-tool", Error;
    /// Lines that are none that `iptables-save`, `iptables -S` or `iptables -L` print.
    UnknownLine = "kpt::read::unknown-line", Advice;
    /// A line that begins like one that iptables prints and goes on in another way.
    MalformedLine = "kpt::read::malformed-line", Warning;
    /// A table that Linux does not have.
    UnknownTable = "kpt::read::unknown-table", Warning;
    /// The same table twice in one input.
    RepeatedTable = "kpt::read::repeated-table", Warning;
    /// The same rules twice in a fragment, as two greps print them.
    RepeatedRules = "kpt::read::repeated-rules", Advice;
    /// A table that ends without `COMMIT`.
    Truncated = "kpt::read::truncated", Warning;
    /// Lines that somebody left out (`...`).
    Elided = "kpt::read::elided", Warning;
    /// What a log, a mail or grep put in front of lines.
    Prefixed = "kpt::read::prefixed", Advice;
    /// Two sides of a comparison.
    Diff = "kpt::read::diff", Advice;
    /// Lines that were broken in two.
    Wrapped = "kpt::read::wrapped", Advice;
    /// Words that somebody wrote behind a rule.
    Annotated = "kpt::read::annotated", Advice;
    /// A dump in strings of JSON.
    InJson = "kpt::read::in-json", Advice;
    /// A packed file whose end is missing.
    CutArchive = "kpt::read::cut-archive", Warning;
    /// A table that iptables left out of the dump because nft itself wrote rules in it.
    IncompatibleTable = "kpt::read::incompatible-table", Warning;
    /// Rules of the other backend that the dump does not have.
    OtherBackend = "kpt::read::other-backend", Warning;
    /// An extension whose words iptables could not print.
    Misprinted = "kpt::read::misprinted", Warning;
    /// An address that somebody blacked out.
    Redacted = "kpt::read::redacted", Warning;
    /// A quote that is not closed.
    OpenQuote = "kpt::read::open-quote", Warning;
    /// A rule line that cannot be understood as one.
    BadRule = "kpt::read::bad-rule", Warning;
    /// An option that its extension does not have.
    UnknownOption = "kpt::read::unknown-option", Warning;
    /// A match that kpt does not know.
    UnknownMatch = "kpt::read::unknown-match", Warning;
    /// A value that its option does not take.
    BadValue = "kpt::read::bad-value", Warning;
    /// A target that is neither a chain of the table nor known.
    UnknownTarget = "kpt::read::unknown-target", Warning;
    /// Chains that jump to each other in a circle.
    ChainLoop = "kpt::rules::chain-loop", Error;
    /// A file of facts (addresses, routes, sets) that cannot be used.
    BadFacts = "kpt::facts::bad-file", Error;
    /// A fact that was given and that nothing asks for.
    UnaskedFact = "kpt::facts::unasked", Warning;
    /// A line that `ipset save` does not print.
    BadSetLine = "kpt::ipset::bad-line", Warning;
    /// A type of set that kpt does not know.
    UnknownSetType = "kpt::ipset::unknown-type", Warning;
    /// A set that is created a second time.
    RepeatedSet = "kpt::ipset::repeated-set", Warning;
    /// An entry that does not fit its set's type.
    BadEntry = "kpt::ipset::bad-entry", Warning;
}
