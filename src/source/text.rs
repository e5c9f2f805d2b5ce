//! A text that is held in memory, or stays in the file that it is read from.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::Deref;
use std::sync::Arc;

use memmap2::Mmap;

/// Files below this size are read: that is no slower, and nobody can change what was read.
const LARGE: u64 = 1 << 20;
/// The most that one thread reads at once.
const PIECE: usize = 4 << 20;

/// UTF-8.
#[derive(Debug, Clone)]
pub(super) enum Text {
    Held(String),
    /// What is mapped was checked to be UTF-8.
    Mapped(Arc<Mmap>),
}

/// What is read of a file: all of its bytes, or a large text where it is.
pub(super) enum Contents {
    Bytes(Vec<u8>),
    Text(Text),
}

impl Contents {
    /// Maps a large file of plain text; reads any other.
    pub(super) fn of(mut file: File) -> io::Result<Self> {
        let about = file.metadata()?;
        if about.is_file() && about.len() >= LARGE && file.stream_position()? == 0 {
            #[expect(unsafe_code, reason = "a file cannot be mapped otherwise")]
            // SAFETY: nothing here writes to the file. Another program that cuts it short while it is read ends this one
            // (SIGBUS), and one that writes into it may make it print nonsense; rules are written once and then read.
            let map = unsafe { Mmap::map(&file)? };
            if !super::unpack::is_packed(&map) && is_utf8(&map) {
                return Ok(Self::Text(Text::Mapped(Arc::new(map))));
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Self::Bytes(bytes))
    }
}

/// Is it UTF-8? Its pieces are read side by side, of which the first byte after a line end is a place to begin.
fn is_utf8(bytes: &[u8]) -> bool {
    let (half, rest) = bytes.split_at(bytes.len() / 2);
    match memchr::memchr(b'\n', rest).filter(|_| bytes.len() > PIECE) {
        Some(end) => {
            let (one, other) = bytes.split_at(half.len() + end + 1);
            let (one, other) = rayon::join(|| is_utf8(one), || is_utf8(other));
            one && other
        }
        None => std::str::from_utf8(bytes).is_ok(),
    }
}

impl Text {
    /// Adds to its end; what was in a file is in memory from then on.
    pub(super) fn push_str(&mut self, more: &str) {
        let mut text = match std::mem::take(self) {
            Self::Held(text) => text,
            mapped @ Self::Mapped(_) => mapped.to_string(),
        };
        text.push_str(more);
        *self = Self::Held(text);
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Held(text) => text,
            #[expect(unsafe_code, reason = "140 MB would have to be checked at each use")]
            // SAFETY: `Contents::of` has checked that it is UTF-8.
            Self::Mapped(map) => unsafe { std::str::from_utf8_unchecked(map) },
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Held(String::new())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn contents(bytes: &[u8]) -> Contents {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        Contents::of(file).unwrap()
    }

    #[test]
    fn a_large_text_stays_in_its_file() {
        let text = "# a line\n".repeat(1 << 18);
        let Contents::Text(mut mapped) = contents(text.as_bytes()) else { panic!("it was read") };
        assert_eq!(*mapped, *text);
        mapped.push_str("more");
        assert_eq!(*mapped, *(text + "more"));
    }

    #[test]
    fn what_is_small_or_no_text_is_read() {
        assert!(matches!(contents(b"*nat\n"), Contents::Bytes(bytes) if bytes == b"*nat\n"));
        let bytes = vec![0xff; 1 << 21];
        assert!(matches!(contents(&bytes), Contents::Bytes(read) if read.len() == bytes.len()));
    }
}
