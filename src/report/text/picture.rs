//! A problem as miette draws it.

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::paint::Paint;

/// Columns that the picture of a problem needs.
const NARROW: usize = 60;

/// The picture of a problem; `None` where there is no room for it.
pub fn picture(problem: &dyn miette::Diagnostic, width: usize, paint: Paint) -> Option<String> {
    let theme = match paint {
        Paint::Colour => GraphicalTheme::unicode(),
        Paint::Plain => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width);
    let mut text = String::new();
    (width >= NARROW && handler.render_report(&mut text, problem).is_ok()).then_some(text)
}
