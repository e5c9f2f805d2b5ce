//! What of a packet is an entry of which set, as rules write it.

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::Arg;
use crate::save::bare;

/// `NAME src|dst[,...]`
#[derive(Debug, Clone)]
pub(in crate::extension) struct Entry<'t> {
    /// At most 31 bytes.
    pub(in crate::extension) name: Cow<'t, str>,
    /// For each dimension of the set, `src` or `dst`.
    pub(in crate::extension) sides: Cow<'t, str>,
}

impl<'t> Entry<'t> {
    /// Reads the two values of `arg`.
    pub(in crate::extension) fn read(arg: &Arg<'t>) -> Result<Self, Diagnostic> {
        let (name, sides) = (arg.text(0), arg.text(1));
        if name.len() > 31 {
            return Err(arg.bad("a name of at most 31 characters"));
        }
        if sides.split(',').count() > 6 || !sides.split(',').all(|side| matches!(side, "src" | "dst")) {
            return Err(arg.bad("up to six of src and dst, separated by commas"));
        }
        Ok(Self { name, sides })
    }
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", bare(&self.name), bare(&self.sides))
    }
}
