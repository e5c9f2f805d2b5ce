//! Lines of a given width: text at the left, its place in the file at the right.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::{Paint, Tone};

/// Columns that a piece keeps even where it yields.
const LEAST: usize = 12;

/// Text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    width: usize,
    paint: Paint,
    text: String,
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) tone: Tone,
    /// Where a line is too long, this is cut first.
    yields: bool,
}

/// A piece in a tone.
pub(super) fn piece(tone: Tone, text: impl Into<String>) -> Piece {
    Piece { text: text.into(), tone, yields: false }
}

/// A plain piece that is cut where its line is too long.
pub(super) fn yielding(text: impl Into<String>) -> Piece {
    Piece { yields: true, ..plain(text) }
}

/// A plain piece.
pub(super) fn plain(text: impl Into<String>) -> Piece {
    piece(Tone::Plain, text)
}

impl Page {
    pub(super) const fn new(width: usize, paint: Paint) -> Self {
        Self { width, paint, text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// An empty line, unless nothing stands above it.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A line; what does not fit is cut with an ellipsis.
    pub(super) fn line(&mut self, pieces: &[Piece]) {
        self.put(pieces, self.width);
        self.end_line();
    }

    /// A line with its place in the file at the right edge.
    pub(super) fn line_at(&mut self, pieces: &[Piece], place: &str) {
        let room = self.width.saturating_sub(columns(place) + 1);
        let used = self.put(pieces, room);
        if !place.is_empty() {
            let blanks = self.width.saturating_sub(used + columns(place)).max(1);
            self.text.extend(std::iter::repeat_n(' ', blanks));
            let _ = write!(self.text, "{}", self.paint.tone(Tone::Faint, place));
        }
        self.end_line();
    }

    /// Words after a head of `indent` columns, wrapped between `items`, which are joined by ` · `.
    pub(super) fn items(&mut self, head: &Piece, indent: usize, items: &[String]) {
        self.items_in(head, indent, Tone::Plain, items);
    }

    /// The same in a tone.
    pub(super) fn items_in(&mut self, head: &Piece, indent: usize, tone: Tone, items: &[String]) {
        let blanks = |count: usize| plain(" ".repeat(count));
        let room = self.width.saturating_sub(indent);
        let mut lines: Vec<String> = vec![String::new()];
        for item in items {
            let line = lines.last_mut().filter(|line| line.is_empty() || columns(line) + 3 + columns(item) <= room);
            match line {
                Some(line) if line.is_empty() => line.push_str(item),
                Some(line) => line.extend([" · ", item]),
                None => lines.push(item.clone()),
            }
        }
        let mut head = vec![head.clone(), blanks(indent.saturating_sub(columns(&head.text)))];
        for line in lines.iter().flat_map(|line| wrap(line, room)) {
            head.push(piece(tone, line));
            self.line(&head);
            head = vec![blanks(indent)];
        }
    }

    /// Writes pieces into `room` columns and returns how many were used.
    fn put(&mut self, pieces: &[Piece], room: usize) -> usize {
        let whole: usize = pieces.iter().map(|piece| columns(&piece.text)).sum();
        let mut excess = whole.saturating_sub(room);
        let mut used = 0;
        for Piece { text, tone, yields } in pieces {
            let width = columns(text);
            let shorter = if *yields { width.saturating_sub(excess).max(LEAST.min(width)) } else { width };
            excess = excess.saturating_sub(width - shorter);
            let fits = shorter.min(room.saturating_sub(used));
            let shown = if fits < width { cut(text, fits) } else { text.clone() };
            used += columns(&shown);
            let _ = write!(self.text, "{}", self.paint.tone(*tone, &shown));
            if fits < shorter {
                break;
            }
        }
        used
    }

    /// Ends the line, without blanks at its end.
    fn end_line(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        self.text.push('\n');
    }
}

/// The columns of a text on a terminal. Nearly all that is printed has one for each byte.
pub(super) fn columns(text: &str) -> usize {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain { text.len() } else { text.width() }
}

/// Lines of at most `room` columns, broken at blanks.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut().filter(|line| line.is_empty() || columns(line) + 1 + columns(word) <= room) {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The beginning of a text that fits, with an ellipsis.
fn cut(text: &str, room: usize) -> String {
    let mut cut = String::new();
    for c in text.chars() {
        if columns(&cut) + c.width().unwrap_or(0) + 1 > room {
            break;
        }
        cut.push(c);
    }
    if room > 0 {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize) -> Page {
        Page::new(width, Paint::Plain)
    }

    #[test]
    fn a_place_stands_at_the_right_edge() {
        let mut page = page(20);
        page.line_at(&[plain("short")], ":7");
        page.line_at(&[plain("much too long for this page")], ":1234");
        assert_eq!(page.finish(), "short             :7\nmuch too long… :1234\n");
    }

    #[test]
    fn what_yields_is_cut_first() {
        let mut page = page(30);
        page.line(&[plain("#1 "), yielding("-d 10.254.198.92/32 -p tcp"), plain("  -j KUBE")]);
        assert_eq!(page.finish(), "#1 -d 10.254.198.92/…  -j KUBE\n");
    }

    #[test]
    fn items_wrap() {
        let mut page = page(24);
        page.items(&plain("assumed"), 9, &["one thing".into(), "two".into(), "a third one".into()]);
        assert_eq!(page.finish(), "assumed  one thing · two\n         a third one\n");
    }
}
