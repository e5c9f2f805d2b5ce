//! Finds the lines of a log that the packet filter may have written, and passes over all others without looking at them.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memmem, memrchr};

/// What is read at once; a line that is longer is none of the kernel's.
const BLOCK: usize = 1 << 18;
/// What every line that is of interest has one of: headers, a rule of `nft monitor trace`, one of `xtables-monitor`.
const MARKS: [&[u8]; 3] = [b" SRC=", b"trace id ", b"TRACE: "];

/// A log that is read block by block, however long it is.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    block: Vec<u8>,
    /// How much of the block holds text that was not looked at.
    held: usize,
    /// Newlines so far.
    line: u64,
    bytes: u64,
    /// The beginning of the line was too long to be kept.
    overlong: bool,
    marks: [memmem::Finder<'static>; 3],
}

impl<R: Read> Lines<R> {
    /// A log from its beginning.
    pub fn new(input: R) -> Self {
        let marks = MARKS.map(memmem::Finder::new);
        Self { input, block: vec![0; BLOCK], held: 0, line: 0, bytes: 0, overlong: false, marks }
    }

    /// How many bytes were read.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many lines were read.
    pub const fn lines(&self) -> u64 {
        self.line
    }

    /// Reads on and tells each line that may be of interest with its number, from 1. False at the end of what is there
    /// now; a last line without an end is kept until [`Lines::rest`]. The error is that of the input.
    pub fn read_on(&mut self, mut tell: impl FnMut(u64, &[u8])) -> io::Result<bool> {
        let free = self.block.get_mut(self.held..).unwrap_or_default();
        let read = match self.input.read(free) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            read => read?,
        };
        self.bytes += read as u64;
        let filled = self.held + read;
        let block = self.block.get(..filled).unwrap_or_default();
        let whole = memrchr(b'\n', block).map_or(0, |end| end + 1);
        let mut text = block.get(..whole).unwrap_or_default();
        if self.overlong && whole > 0 {
            let end = memchr(b'\n', text).map_or(0, |end| end + 1);
            text = text.get(end..).unwrap_or_default();
            self.line += 1;
            self.overlong = false;
        }
        self.line += scan(&self.marks, self.line, text, &mut tell);
        self.held = filled - whole;
        if self.held == self.block.len() {
            (self.held, self.overlong) = (0, true);
        } else {
            self.block.copy_within(whole..filled, 0);
        }
        Ok(read > 0)
    }

    /// The last line, if it has no end.
    pub fn rest(&mut self, mut tell: impl FnMut(u64, &[u8])) {
        let rest = self.block.get(..self.held).unwrap_or_default();
        if !rest.is_empty() && !self.overlong {
            scan(&self.marks, self.line, rest, &mut tell);
            self.line += 1;
        }
        self.held = 0;
    }
}

/// Tells the lines of a text that have a mark, and returns how many newlines it has.
fn scan(marks: &[memmem::Finder<'_>; 3], before: u64, text: &[u8], tell: &mut impl FnMut(u64, &[u8])) -> u64 {
    let mut line = before;
    let mut at = 0;
    let find = |mark: &memmem::Finder<'_>, from: usize| {
        let found = text.get(from..).and_then(|rest| mark.find(rest));
        found.map_or(usize::MAX, |place| place + from)
    };
    let mut next = [0, 1, 2].map(|n| marks.get(n).map_or(usize::MAX, |mark| find(mark, 0)));
    loop {
        for (found, mark) in next.iter_mut().zip(marks) {
            if *found < at {
                *found = find(mark, at);
            }
        }
        let place = next.iter().copied().min().unwrap_or(usize::MAX);
        let Some(passed) = text.get(at..place) else { break };
        let start = memrchr(b'\n', passed).map_or(at, |newline| at + newline + 1);
        let rest = text.get(place..).unwrap_or_default();
        let end = memchr(b'\n', rest).map_or(text.len(), |newline| place + newline);
        line += memchr_iter(b'\n', passed).count() as u64;
        let whole = text.get(start..end).unwrap_or_default();
        tell(line + 1, whole.strip_suffix(b"\r").unwrap_or(whole));
        at = end;
    }
    line += memchr_iter(b'\n', text.get(at..).unwrap_or_default()).count() as u64;
    line - before
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mut lines: Lines<impl Read>) -> (Vec<(u64, usize)>, u64) {
        let mut told = Vec::new();
        while lines.read_on(|line, text| told.push((line, text.len()))).unwrap() {}
        lines.rest(|line, text| told.push((line, text.len())));
        (told, lines.lines())
    }

    #[test]
    fn lines_of_interest_are_told_with_their_numbers() {
        let log = "no\nx SRC=1\r\n\nno\ntrace id 1 SRC=2\n TRACE: 2\nno\nend SRC=3";
        assert_eq!(told(Lines::new(log.as_bytes())), (vec![(2, 7), (5, 16), (6, 9), (8, 9)], 8));
        assert_eq!(told(Lines::new(b"".as_slice())), (vec![], 0));
    }

    /// Lines that are cut by the end of a block are whole, and one that is longer than a block is passed over.
    #[test]
    fn blocks_do_not_show() {
        let filler = "f".repeat(1000) + "\n";
        let mut log = String::new();
        (0..1000).for_each(|_| log.extend([filler.as_str(), "x SRC=1\n"]));
        let (lines, all) = told(Lines::new(log.as_bytes()));
        assert!(lines.iter().zip(1..).all(|(line, n)| *line == (n * 2, 7)));
        assert_eq!((lines.len(), all), (1000, 2000));
        let long = format!("a\n{} SRC=2\nx SRC=1\n", "l".repeat(3 * BLOCK));
        assert_eq!(told(Lines::new(long.as_bytes())), (vec![(3, 7)], 3));
    }
}
