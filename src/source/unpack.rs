//! Packed bytes -> bytes: gzip and zstd, and what Windows writes (UTF-16, a byte order mark), told by their first bytes.

use std::io::Read;

/// What an archive may hold at most, in bytes: a dump of a million rules is a quarter of it.
const MOST: u64 = 1 << 29;

/// The bytes that are packed in `bytes`, and whether their end is missing.
pub(super) fn unpack(bytes: Vec<u8>) -> (Vec<u8>, bool) {
    match bytes.as_slice() {
        [0x1f, 0x8b, ..] => read(flate2::read::MultiGzDecoder::new(bytes.as_slice())),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => match ruzstd::decoding::StreamingDecoder::new(bytes.as_slice()) {
            Ok(decoder) => read(decoder),
            Err(_) => (Vec::new(), true),
        },
        [0xef, 0xbb, 0xbf, text @ ..] => (text.to_vec(), false),
        [0xff, 0xfe, text @ ..] => (utf16(text, u16::from_le_bytes), false),
        [0xfe, 0xff, text @ ..] => (utf16(text, u16::from_be_bytes), false),
        _ => (bytes, false),
    }
}

/// Are these bytes something else than text as it stands?
pub(super) const fn is_packed(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0xef, 0xbb, 0xbf, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..]
    )
}

/// What can be unpacked is used, even if the end is missing.
fn read(packed: impl Read) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let read = packed.take(MOST + 1).read_to_end(&mut bytes);
    let whole = read.is_ok_and(|length| length as u64 <= MOST);
    // A packed text may be of Windows, too, but is not packed twice.
    let plain = if bytes.starts_with(&[0x1f, 0x8b]) { (bytes, false) } else { unpack(bytes) };
    (plain.0, !whole)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (units, _) = bytes.as_chunks::<2>();
    char::decode_utf16(units.iter().map(|pair| unit(*pair)))
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TEXT: &str = "*nat\nCOMMIT\n";

    fn unpacked(bytes: &[u8]) -> (String, bool) {
        let (bytes, cut) = unpack(bytes.to_vec());
        (String::from_utf8(bytes).unwrap(), cut)
    }

    fn gzip() -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(TEXT.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn archives_are_told_by_their_first_bytes() {
        assert_eq!(unpacked(&gzip()), (TEXT.into(), false));
        let zstd = ruzstd::encoding::compress_to_vec(TEXT.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
        assert_eq!(unpacked(&zstd), (TEXT.into(), false));
        assert_eq!(unpacked(TEXT.as_bytes()), (TEXT.into(), false));
    }

    #[test]
    fn what_is_there_of_an_archive_is_used() {
        let whole = gzip();
        let (text, cut) = unpacked(&whole[..whole.len() - 4]);
        assert!(cut && TEXT.starts_with(&text));
        assert_eq!(unpacked(&[0x28, 0xb5, 0x2f, 0xfd]), (String::new(), true));
    }

    #[test]
    fn windows_writes_two_bytes_for_each_letter() {
        let wide = |order: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(order).collect::<Vec<_>>();
        assert_eq!(unpacked(&[vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat()), (TEXT.into(), false));
        assert_eq!(unpacked(&[vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat()), (TEXT.into(), false));
        assert_eq!(unpacked(&[&[0xef, 0xbb, 0xbf], TEXT.as_bytes()].concat()), (TEXT.into(), false));
    }
}
