//! The file of findings that are known: how often each may occur in an input.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::findings::Found;

/// A baseline, as its file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: Schema,
    /// By fingerprint.
    pub findings: BTreeMap<String, usize>,
}

/// The name of the format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
enum Schema {
    #[default]
    #[serde(rename = "kpt.baseline/1")]
    Baseline1,
}

/// The baseline that suppresses all of these, for each of the inputs that they were found in.
pub fn baseline<'f, I>(inputs: impl IntoIterator<Item = I>) -> Baseline
where
    I: IntoIterator<Item = &'f Found>,
{
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    for input in inputs {
        let mut here: BTreeMap<&str, usize> = BTreeMap::new();
        input.into_iter().for_each(|found| *here.entry(&found.fingerprint).or_default() += 1);
        for (fingerprint, count) in here {
            let most = findings.entry(fingerprint.to_owned()).or_default();
            *most = count.max(*most);
        }
    }
    Baseline { schema: Schema::Baseline1, findings }
}

impl std::str::FromStr for Baseline {
    type Err = String;

    /// Reads JSON. The error says what is wrong and where.
    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
