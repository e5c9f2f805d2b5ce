//! Text from a dump, made safe for a terminal.

use std::fmt;

use crate::source::{is_invisible, undecoded_byte};

/// Shows a text with what could steer a terminal or mislead a reader as an escape: control characters, bytes that are
/// not UTF-8, and marks that change the direction of writing or have no width.
#[derive(Debug, Clone, Copy)]
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match undecoded_byte(c) {
                Some(byte) => write!(f, "\\x{byte:02x}")?,
                None if c.is_control() || is_invisible(c) => write!(f, "{}", c.escape_default())?,
                None => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let shown = |text| Safe(text).to_string();
        assert_eq!(shown("a\x1b[31mred\r\n"), "a\\u{1b}[31mred\\r\\n");
        assert_eq!(shown("\u{202E}gnp"), "\\u{202e}gnp");
        assert_eq!(shown("日本 é"), "日本 é");
        assert_eq!(shown("\u{F7C5}"), "\\xc5");
    }
}
