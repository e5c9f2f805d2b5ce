//! Code points of differentiated services in a rule, shared by the match and the target.

use crate::diagnostic::Diagnostic;

use super::args::Arg;

/// Names of code points; saves have numbers.
const CLASSES: [(&str, u8); 22] = [
    ("CS0", 0x00),
    ("CS1", 0x08),
    ("CS2", 0x10),
    ("CS3", 0x18),
    ("CS4", 0x20),
    ("CS5", 0x28),
    ("CS6", 0x30),
    ("CS7", 0x38),
    ("BE", 0x00),
    ("AF11", 0x0a),
    ("AF12", 0x0c),
    ("AF13", 0x0e),
    ("AF21", 0x12),
    ("AF22", 0x14),
    ("AF23", 0x16),
    ("AF31", 0x1a),
    ("AF32", 0x1c),
    ("AF33", 0x1e),
    ("AF41", 0x22),
    ("AF42", 0x24),
    ("AF43", 0x26),
    ("EF", 0x2e),
];

/// A code point from 0 to 63, by number or, for an option that ends in `-class`, by name.
pub(super) fn point(arg: &Arg<'_>) -> Result<u8, Diagnostic> {
    if !arg.option.ends_with("-class") {
        return arg.number_in(0..=63, "a code point from 0 to 63");
    }
    let text = arg.text(0);
    let class = CLASSES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text));
    class.map(|(_, point)| *point).ok_or_else(|| arg.bad("a class such as EF, AF11 or CS1"))
}
