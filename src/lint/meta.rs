//! What is known of a lint before it looks at anything.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::findings::Findings;
use super::input::Input;
use super::need::Need;

/// A lint: what it is called, how much its findings weigh, and what it does.
#[derive(Debug)]
pub struct Lint {
    /// `KPT` and three digits; never used again for another.
    pub code: &'static str,
    /// The same in words, such as `lb-uneven-weights`.
    pub name: &'static str,
    /// How bad what it finds is, where a finding does not say otherwise.
    pub severity: Severity,
    /// Whether a finding follows from the dump alone.
    pub confidence: Confidence,
    /// What it cannot do without.
    pub needs: &'static [Need],
    /// Its page in `docs/lints/`.
    pub page: &'static str,
    /// Looks for what is wrong.
    pub check: fn(&Input<'_, '_>, &mut Findings<'_, '_, '_>),
}

impl Lint {
    /// Where its page is kept.
    pub fn path(&self) -> String {
        format!("docs/lints/{}.md", self.name)
    }
}

impl PartialEq for Lint {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Lint {}

/// Makes an enum whose variants have a name each, which is how they are written and read.
macro_rules! named {
    ($(#[$doc:meta])* $Type:ident: $($(#[doc = $each:literal])+ $Variant:ident = $name:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $Type {
            $($(#[doc = $each])+ $Variant,)+
        }

        impl TryFrom<String> for $Type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$Type> for &'static str {
            fn from(this: $Type) -> Self {
                this.as_str()
            }
        }

        impl $Type {
            /// Each of them, in order.
            pub const ALL: &[Self] = &[$(Self::$Variant,)+];

            /// The name as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $name,)+ }
            }
        }

        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $Type {
            type Err = String;

            /// Reads a name; the error says which there are.
            fn from_str(text: &str) -> Result<Self, String> {
                let known = || Self::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| format!("`{text}` is none of {}", known()))
            }
        }
    };
}

named! {
    /// How bad a finding is; the worst is the greatest.
    Severity:
    /// Good to know.
    Info = "info",
    /// It works, but not as it seems, or not for long.
    Warning = "warning",
    /// Something does not work.
    Error = "error",
}

named! {
    /// How sure a finding is.
    Confidence:
    /// It rests on an assumption about what was meant.
    Heuristic = "heuristic",
    /// It follows from the dump and what the kernel does with it.
    Exact = "exact",
}

named! {
    /// Which findings are wanted, where nothing more is said.
    Profile:
    /// All that is exact, and heuristic warnings.
    Default = "default",
    /// The same for a Kubernetes node: without opinions on how a host should be guarded.
    Node = "node",
    /// Also what is good to know, and style.
    Strict = "strict",
    /// Everything.
    Audit = "audit",
}

impl Profile {
    /// Are findings of this kind wanted?
    pub fn wants(self, severity: Severity, confidence: Confidence) -> bool {
        self >= Self::Strict || confidence == Confidence::Exact || severity >= Severity::Warning
    }
}

named! {
    /// What findings of a lint weigh, where the configuration says it.
    Level:
    /// They are not told.
    Off = "off",
    /// As [`Severity::Info`].
    Info = "info",
    /// As [`Severity::Warning`].
    Warning = "warning",
    /// As [`Severity::Error`].
    Error = "error",
}

impl Level {
    /// The severity; `None` if they are not told.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

named! {
    /// What a run fails on.
    FailOn:
    /// A finding that is an error.
    Error = "error",
    /// One that is a warning or worse.
    Warning = "warning",
    /// Any.
    Info = "info",
    /// None.
    Never = "never",
    /// One that is exact, however bad.
    Exact = "exact",
}

impl FailOn {
    /// Does it fail on such a finding?
    pub fn fails(self, severity: Severity, confidence: Confidence) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
            Self::Exact => confidence == Confidence::Exact,
        }
    }
}
