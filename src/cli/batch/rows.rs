//! Lists of packets: CSV, a JSON object on each line, or what `conntrack -L` prints.

use csv::StringRecord;
use csv_core::Reader;
use serde::Deserialize;

/// One packet, in words; what it does not say, the command line may.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) dst: String,
    #[serde(default)]
    pub(super) src: Option<String>,
    #[serde(default)]
    pub(super) proto: Option<String>,
    #[serde(default)]
    pub(super) sport: Option<u16>,
    #[serde(default)]
    pub(super) dport: Option<u16>,
    #[serde(default, rename = "in")]
    pub(super) input: Option<String>,
    #[serde(default)]
    pub(super) local: Option<bool>,
}

/// The columns of a CSV file that does not name them, by how many it has.
const COLUMNS: [&[&str]; 4] = [&[], &["dst"], &["src", "dst"], &["src", "dst", "proto"]];

/// How a list writes its rows, as its first line shows.
#[derive(Debug)]
pub(super) enum Form {
    /// A JSON object on each line.
    Objects,
    /// What `conntrack -L` prints.
    Tracked,
    /// CSV that names its columns.
    Named(StringRecord),
    /// CSV that does not.
    Unnamed,
}

impl Form {
    /// The form of a list that starts with this line.
    pub(super) fn of(line: &str) -> Self {
        if line.trim_ascii_start().starts_with('{') {
            Self::Objects
        } else if line.contains("src=") {
            Self::Tracked
        } else {
            let record = fields(line, &mut Reader::new());
            if record.iter().any(|field| field == "dst") { Self::Named(record) } else { Self::Unnamed }
        }
    }

    /// Does the first line name the columns, and no packet?
    pub(super) const fn has_head(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    /// The row that a line is, or why it is none. `csv` is lent to read it with.
    pub(super) fn row(&self, line: &str, csv: &mut Reader) -> Result<Row, String> {
        match self {
            Self::Objects => serde_json::from_str(line).map_err(|error| error.to_string()),
            Self::Tracked => tracked(line).ok_or_else(|| "no `src=` and `dst=` as `conntrack -L` prints them".into()),
            Self::Named(columns) => from_record(&fields(line, csv), columns),
            Self::Unnamed => {
                let record = fields(line, csv);
                let columns = COLUMNS.get(record.len()).filter(|columns| !columns.is_empty());
                let columns = columns.ok_or("more columns than `src,dst,proto`: name them in the first line")?;
                from_record(&record, &columns.iter().copied().collect())
            }
        }
    }
}

/// Is there nothing to read in this line?
pub(super) fn is_blank(line: &str) -> bool {
    let line = line.trim_ascii();
    line.is_empty() || line.starts_with('#')
}

/// The fields of a line. Building a reader costs more than all the rest of an answer: it is lent, and used again.
fn fields(line: &str, reader: &mut Reader) -> StringRecord {
    reader.reset();
    let (mut text, mut ends) = (vec![0; line.len()], vec![0; line.len() + 1]);
    let (_, _, written, ended) = reader.read_record(line.as_bytes(), &mut text, &mut ends);
    // That nothing follows ends the last field.
    let rest = (text.get_mut(written..).unwrap_or_default(), ends.get_mut(ended..).unwrap_or_default());
    let (_, _, _, last) = reader.read_record(b"", rest.0, rest.1);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let fields = starts.zip(&ends).take(ended + last).filter_map(|(start, end)| text.get(start..*end));
    fields.map(|field| String::from_utf8_lossy(field.trim_ascii()).into_owned()).collect()
}

fn from_record(record: &StringRecord, columns: &StringRecord) -> Result<Row, String> {
    record.deserialize(Some(columns)).map_err(|error| error.to_string())
}

/// `tcp 6 431999 ESTABLISHED src=10.0.0.1 dst=10.96.0.1 sport=40000 dport=443 src=...`: what its first packet was.
fn tracked(line: &str) -> Option<Row> {
    let mut row = Row::default();
    for word in line.split_ascii_whitespace() {
        match word.split_once('=') {
            Some(("src", _)) if row.src.is_some() => break,
            Some(("src", src)) => row.src = Some(src.to_owned()),
            Some(("dst", dst)) => dst.clone_into(&mut row.dst),
            Some(("sport", port)) => row.sport = port.parse().ok(),
            Some(("dport", port)) => row.dport = port.parse().ok(),
            // `/proc/net/nf_conntrack` has the family first.
            None if row.proto.is_none() && !matches!(word, "ipv4" | "ipv6") && !is_number(word) => {
                row.proto = Some(word.to_owned());
            }
            _ => {}
        }
    }
    (row.src.is_some() && !row.dst.is_empty()).then_some(row)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<Row, String>> {
        let mut lines = text.lines().filter(|line| !is_blank(line));
        let first = lines.next().unwrap();
        let form = Form::of(first);
        let rows = (!form.has_head()).then_some(first).into_iter().chain(lines);
        rows.map(|line| form.row(line, &mut Reader::new())).collect()
    }

    fn row(src: Option<&str>, dst: &str, proto: Option<&str>) -> Row {
        let words = |word: &str| word.to_owned();
        Row { src: src.map(words), dst: dst.into(), proto: proto.map(words), ..Row::default() }
    }

    #[test]
    fn columns_with_names_and_without() {
        let named = read("dst, dport,in\n# nothing\n10.0.0.1, 80,eth0\n10.0.0.2,,\n10.0.0.3,http,\n");
        let first = Row { dport: Some(80), input: Some("eth0".into()), ..row(None, "10.0.0.1", None) };
        assert_eq!(named[..2], [Ok(first), Ok(row(None, "10.0.0.2", None))]);
        assert!(named[2].is_err());
        assert_eq!(read("10.0.0.1:80\n"), [Ok(row(None, "10.0.0.1:80", None))]);
        assert_eq!(read("10.0.0.9,10.0.0.1:80,udp"), [Ok(row(Some("10.0.0.9"), "10.0.0.1:80", Some("udp")))]);
        assert!(read("a,b,c,d")[0].is_err());
    }

    #[test]
    fn objects() {
        let rows = read("{\"dst\":\"10.0.0.1:80\",\"local\":true}\n\n{\"dst\":1}\n{\"to\":\"x\"}\n");
        assert_eq!(rows[0], Ok(Row { local: Some(true), ..row(None, "10.0.0.1:80", None) }));
        assert!(rows[1].is_err() && rows[2].is_err());
    }

    #[test]
    fn tracked_connections() {
        let text = "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.96.0.1 sport=40000 dport=443 src=10.244.0.5 \
                    dst=10.0.0.1 sport=6443 dport=40000 [ASSURED] mark=0 use=1\n\
                    ipv4     2 udp      17 29 src=10.0.0.1 dst=10.96.0.10 sport=4 dport=53 [UNREPLIED] src=1.1.1.1\nx\n";
        let first = Row { sport: Some(40000), dport: Some(443), ..row(Some("10.0.0.1"), "10.96.0.1", Some("tcp")) };
        let second = Row { sport: Some(4), dport: Some(53), ..row(Some("10.0.0.1"), "10.96.0.10", Some("udp")) };
        let rows = read(text);
        assert_eq!(rows[..2], [Ok(first), Ok(second)]);
        assert!(rows[2].is_err());
    }
}
