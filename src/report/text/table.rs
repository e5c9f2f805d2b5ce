//! Rows under heads: each column as wide as its widest cell; where they do not all fit, those that are spared most easily
//! are left out.

use super::page::{Page, columns as columns_of, piece, plain};
use super::paint::Tone;

/// Between columns, and in front of the first.
const GAP: usize = 2;

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    head: &'static str,
    right: bool,
    tone: Tone,
    /// 0 for one that is always shown; the highest is left out first.
    spare: u8,
    cells: Vec<String>,
    width: usize,
}

impl Column {
    /// Words, from the left.
    pub(super) fn words(head: &'static str, cells: Vec<String>) -> Self {
        Self { head, right: false, tone: Tone::Plain, spare: 0, cells, width: 0 }
    }

    /// Numbers, from the right.
    pub(super) fn numbers(head: &'static str, cells: Vec<String>) -> Self {
        Self { right: true, ..Self::words(head, cells) }
    }

    /// The same in a tone.
    pub(super) fn in_tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    /// The same, left out where there is no room; the highest number first.
    pub(super) fn spared(self, spare: u8) -> Self {
        Self { spare, ..self }
    }

    /// The widest of its head and its cells.
    fn measured(mut self) -> Self {
        self.width = self.cells.iter().map(|cell| columns_of(cell)).fold(columns_of(self.head), usize::max);
        self
    }

    fn padded(&self, text: &str) -> String {
        let blanks = " ".repeat(self.width.saturating_sub(columns_of(text)));
        if self.right { blanks + text } else { text.to_owned() + &blanks }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Writes the columns, each row with its place at the right edge. A column without words is left out.
pub(super) fn table(page: &mut Page, columns: Vec<Column>, places: &[String]) {
    let mut columns: Vec<_> = columns.into_iter().filter(|column| !column.is_empty()).map(Column::measured).collect();
    let place = places.iter().map(|place| columns_of(place) + 1).max().unwrap_or(0);
    while columns.iter().map(|column| column.width + GAP).sum::<usize>() + place > page.width() {
        let Some(most) = columns.iter().map(|column| column.spare).max().filter(|spare| *spare > 0) else { break };
        columns.retain(|column| column.spare != most);
    }
    let gap = || plain(" ".repeat(GAP));
    let heads = columns.iter().flat_map(|column| [gap(), piece(Tone::Faint, column.padded(column.head))]);
    page.line(&heads.collect::<Vec<_>>());
    for (row, place) in places.iter().enumerate() {
        let cell =
            |column: &Column| piece(column.tone, column.padded(column.cells.get(row).map_or("", String::as_str)));
        let cells = columns.iter().flat_map(|column| [gap(), cell(column)]);
        page.line_at(&cells.collect::<Vec<_>>(), place);
    }
}
