//! One rule line -> its words, as `iptables-restore` splits it (`add_argv` in iptables/xshared.c).
//!
//! Words are split at blanks and tabs. A double quote opens a quoted part anywhere in a word and the closing quote
//! ends the word; inside, a backslash takes the next character as it is. Single quotes are ordinary characters. A
//! backslash at the end of a line, which people use to wrap long rules, is a blank here.

use std::borrow::Cow;
use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till1};
use nom::character::complete::{char, line_ending, one_of};
use nom::combinator::{eof, recognize};
use nom::multi::many0_count;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A word of a rule line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word without its quotes and escapes.
    pub text: Cow<'t, str>,
    /// Where it stands, quotes included.
    pub span: Span,
    /// It stands in quotes, at least in part.
    pub quoted: bool,
}

impl Word<'_> {
    /// The word as a string.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Word<'_> {
    /// With quotes where it stood in quotes, as `iptables-save` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&if self.quoted { in_quotes(&self.text).into() } else { bare(&self.text) })
    }
}

/// Splits `line`, which starts at byte `offset` of its source, into words.
pub fn words(line: &str, offset: u32) -> Result<Vec<Word<'_>>, Diagnostic> {
    let mut words = Vec::with_capacity(16);
    let mut rest = line;
    loop {
        rest = blanks(rest).map_or(rest, |(rest, _)| rest);
        if rest.is_empty() {
            return Ok(words);
        }
        let start = offset as usize + (line.len() - rest.len());
        let Ok((after, text)) = word(rest) else {
            return Err(Diagnostic::new(Code::OpenQuote, "this quote is never closed")
                .at(Span::new(start, rest.len()), "the line ends inside it")
                .help("the line was cut, or a `\"` inside a comment lacks its backslash"));
        };
        let raw = rest.len() - after.len();
        let quoted = rest.get(..raw).is_some_and(|raw| raw.ends_with('"'));
        words.push(Word { text, span: Span::new(start, raw), quoted });
        rest = after;
    }
}

/// The same for a line that was broken in the middle of a word: without its line ends.
pub fn glued_words(line: &str, offset: u32) -> Result<Vec<Word<'static>>, Diagnostic> {
    let whole: String = line.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let span = Span::new(offset as usize, line.len());
    let owned = |word: Word<'_>| Word { text: Cow::Owned(word.text.into_owned()), span, quoted: word.quoted };
    Ok(words(&whole, offset)?.into_iter().map(owned).collect())
}

fn blanks(input: &str) -> IResult<&str, usize> {
    let wrap = preceded(char('\\'), alt((line_ending, eof)));
    many0_count(alt((recognize(one_of(" \t\r\n")), wrap))).parse(input)
}

/// The unquoted part, if any, and the quoted part that ends the word, if any.
fn word(input: &str) -> IResult<&str, Cow<'_, str>> {
    let (rest, head) = match plain(input) {
        Ok((rest, head)) => (rest, head),
        Err(_) => (input, ""),
    };
    if !rest.starts_with('"') {
        return Ok((rest, Cow::Borrowed(head)));
    }
    let (rest, tail) = quoted(rest)?;
    Ok((rest, if head.is_empty() { tail } else { Cow::Owned(format!("{head}{tail}")) }))
}

/// Up to the next blank or quote, without the backslash of a wrap that touches the word.
fn plain(input: &str) -> IResult<&str, &str> {
    let (rest, text) = take_till1(|c| matches!(c, ' ' | '\t' | '\r' | '\n' | '"')).parse(input)?;
    let wrapped = rest.starts_with(['\r', '\n']) && text.len() > 1;
    Ok((rest, text.strip_suffix('\\').filter(|_| wrapped).unwrap_or(text)))
}

fn quoted(input: &str) -> IResult<&str, Cow<'_, str>> {
    let (mut rest, _) = tag("\"").parse(input)?;
    let mut text = Cow::Borrowed("");
    loop {
        let (after, part) = nom::bytes::complete::take_till(|c| matches!(c, '"' | '\\')).parse(rest)?;
        text += part;
        let (after, end) = nom::character::complete::anychar(after)?;
        if end == '"' {
            return Ok((after, text));
        }
        let (after, escaped) = nom::character::complete::anychar(after)?;
        text.to_mut().push(escaped);
        rest = after;
    }
}

/// Writes `text` as `iptables-save` does: bare if it is made of letters, digits, `_` and `-`, otherwise in double
/// quotes with a backslash before `"`, `\` and `'` (`xtables_save_string` in libxtables).
pub fn quote(text: &str) -> Cow<'_, str> {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(bare) { Cow::Borrowed(text) } else { Cow::Owned(in_quotes(text)) }
}

/// Writes `text` as it stands where that reads back as one word, otherwise in double quotes. `iptables-save` prints many
/// names without a look at what is in them.
pub fn bare(text: &str) -> Cow<'_, str> {
    let parts = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | '"');
    let is_word = !text.is_empty() && !text.contains(parts) && !text.starts_with('#') && !text.ends_with('\\');
    if is_word { Cow::Borrowed(text) } else { Cow::Owned(in_quotes(text)) }
}

/// Writes `text` in double quotes, with a backslash before `"`, `\` and `'`.
pub fn in_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '\'') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<String> {
        words(line, 0).unwrap().into_iter().map(|word| word.text.into_owned()).collect()
    }

    #[test]
    fn blanks_and_tabs_split() {
        assert_eq!(split("-A X  -j\tY "), ["-A", "X", "-j", "Y"]);
    }

    #[test]
    fn a_quote_may_open_inside_a_word_and_its_end_ends_the_word() {
        assert_eq!(split(r#"--comment "a b" -j"#), ["--comment", "a b", "-j"]);
        assert_eq!(split(r#"pre"a b"post"#), ["prea b", "post"]);
        assert_eq!(split(r#"--comment "" x"#), ["--comment", "", "x"]);
    }

    #[test]
    fn a_backslash_takes_the_next_character_inside_quotes_only() {
        assert_eq!(split(r#""say \"hi\" \\ \n" a\b"#), [r#"say "hi" \ n"#, r"a\b"]);
    }

    #[test]
    fn a_wrapped_line_is_one_line() {
        assert_eq!(split("-A X \\\n   -j Y \\\r\n-m tcp \\"), ["-A", "X", "-j", "Y", "-m", "tcp"]);
        assert_eq!(split("-j Y\\\n-m tcp"), ["-j", "Y", "-m", "tcp"]);
    }

    #[test]
    fn a_word_that_is_broken_can_be_put_together() {
        let words = glued_words("-A X -j KUBE-\nSEP", 0).unwrap();
        assert_eq!(words.last().unwrap().as_str(), "KUBE-SEP");
    }

    #[test]
    fn an_open_quote_is_reported_with_its_place() {
        let error = words("-m comment --comment \"cut he", 100).unwrap_err();
        assert_eq!(error.code(), Code::OpenQuote);
        assert_eq!(error.span(), Some(Span::new(121, 7)));
    }

    #[test]
    fn spans_cover_the_quotes() {
        let words = words(r#"-A "X Y""#, 10).unwrap();
        assert_eq!(words[1].span, Span::new(13, 5));
    }

    #[test]
    fn a_name_is_quoted_only_where_it_would_not_read_back() {
        assert_eq!(["eth0.1", "a b", "", "#1", "it's"].map(bare), ["eth0.1", "\"a b\"", "\"\"", "\"#1\"", "it's"]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_reads_back(text in ".*") {
            for line in [quote(&text), bare(&text), in_quotes(&text).into()] {
                proptest::prop_assert_eq!(split(&line), [text.as_str()]);
            }
        }

        #[test]
        fn no_line_makes_it_panic(line in ".*") {
            let _ = words(&line, 0);
        }
    }
}
