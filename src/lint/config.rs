//! The file `kpt.toml`: what is asked, how much it weighs, and what is excepted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::exception::Exception;
use super::meta::{FailOn, Level, Profile, Severity};
use super::select::Selector;

/// The whole file. A key that is not known is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[lint]`
    pub lint: LintConfig,
}

/// `[lint]`, and what stands below it.
///
/// ```
/// let config: kpt::lint::Config = "[lint]\nselect = ['KPT2']\n[lint.severity]\nKPT202 = 'error'\n".parse().unwrap();
/// assert!(config.lint.select.unwrap()[0].covers("KPT201"));
/// assert!("[lint]\nselct = []".parse::<kpt::lint::Config>().is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LintConfig {
    /// The lints that are asked; all if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<Selector>>,
    /// Those that are asked besides.
    pub extend_select: Vec<Selector>,
    /// Those that are not.
    pub ignore: Vec<Selector>,
    /// Which findings are wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// The least severity that is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_severity: Option<Severity>,
    /// Only what is exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<bool>,
    /// What makes the exit code 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<FailOn>,
    /// How many findings of a lint are shown; 0 is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_rule: Option<usize>,
    /// The file of findings that are known, beside this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<PathBuf>,
    /// The file of facts, beside this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<PathBuf>,
    /// What findings of these lints weigh.
    pub severity: BTreeMap<Selector, Level>,
    /// What is not told.
    pub exception: Vec<Exception>,
}

impl std::str::FromStr for Config {
    type Err = String;

    /// Reads TOML. The error says what is wrong and where.
    fn from_str(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

impl LintConfig {
    /// What findings of the lint with this code weigh, if it is said; the longest beginning decides.
    pub fn level(&self, code: &str) -> Option<Level> {
        let fitting = self.severity.iter().filter(|(selector, _)| selector.covers(code));
        fitting.max_by_key(|(selector, _)| selector.to_string().len()).map(|(_, level)| *level)
    }
}
