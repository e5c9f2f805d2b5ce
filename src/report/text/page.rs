//! Lines of a given width: text at the left, its place in the file at the right.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::paint::{Paint, Tone};

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
}

/// A piece in a tone.
pub(super) fn piece(tone: Tone, text: impl Into<String>) -> Piece {
    Piece { text: text.into(), tone }
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
        let room = self.width.saturating_sub(place.width() + 1);
        let used = self.put(pieces, room);
        if !place.is_empty() {
            let blanks = self.width.saturating_sub(used + place.width()).max(1);
            self.text.extend(std::iter::repeat_n(' ', blanks));
            let _ = write!(self.text, "{}", self.paint.tone(Tone::Faint, place));
        }
        self.end_line();
    }

    /// Words after a head of `indent` columns, wrapped between `items`, which are joined by ` · `.
    pub(super) fn items(&mut self, head: &Piece, indent: usize, items: &[String]) {
        let mut room = 0;
        for (index, item) in items.iter().enumerate() {
            let needed = item.width() + if index == 0 { 0 } else { 3 };
            if index == 0 {
                self.put(&[head.clone(), plain(" ".repeat(indent.saturating_sub(head.text.width())))], self.width);
                room = self.width.saturating_sub(indent);
            } else if needed > room {
                self.end_line();
                self.text.extend(std::iter::repeat_n(' ', indent));
                room = self.width.saturating_sub(indent);
            } else {
                self.text.push_str(" · ");
            }
            self.wrap(item, indent, &mut room);
            room = room.saturating_sub(if index == 0 { 0 } else { 3 });
        }
        self.end_line();
    }

    /// Words, broken at blanks where they do not fit.
    fn wrap(&mut self, text: &str, indent: usize, room: &mut usize) {
        for (index, word) in text.split(' ').enumerate() {
            let blank = usize::from(index > 0);
            if word.width() + blank > *room && index > 0 {
                self.end_line();
                self.text.extend(std::iter::repeat_n(' ', indent));
                *room = self.width.saturating_sub(indent);
            } else if index > 0 {
                self.text.push(' ');
                *room = room.saturating_sub(1);
            }
            self.text.push_str(word);
            *room = room.saturating_sub(word.width());
        }
    }

    /// Writes pieces into `room` columns and returns how many were used.
    fn put(&mut self, pieces: &[Piece], room: usize) -> usize {
        let mut used = 0;
        for Piece { text, tone } in pieces {
            let fits = used + text.width() <= room;
            let shown = if fits { text.clone() } else { cut(text, room.saturating_sub(used)) };
            used += shown.width();
            let _ = write!(self.text, "{}", self.paint.tone(*tone, &shown));
            if !fits {
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

/// The beginning of a text that fits, with an ellipsis.
fn cut(text: &str, room: usize) -> String {
    let mut cut = String::new();
    for c in text.chars() {
        if cut.width() + c.to_string().width() + 1 > room {
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
    fn items_wrap() {
        let mut page = page(24);
        page.items(&plain("assumed"), 9, &["one thing".into(), "two".into(), "a third one".into()]);
        assert_eq!(page.finish(), "assumed  one thing · two\n         a third one\n");
    }
}
