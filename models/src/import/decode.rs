//! From bytes to text: whichever of the encodings that cellar programs write it is.

use crate::error::RuleError;

/// A text with what its bytes were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// Name of the encoding, such as `windows-1252`.
    pub encoding: &'static str,
}

/// Bytes 0x80 to 0x9f in Windows-1252; the five that are unassigned stay the control characters of ISO 8859-1.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads UTF-8 and UTF-16 by their byte order marks, UTF-8 without one when all of it is valid, else Windows-1252.
pub fn decode(bytes: &[u8]) -> Result<Decoded, RuleError> {
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        (String::from_utf8_lossy(rest).into_owned(), "utf-8")
    } else if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        (utf16(rest, u16::from_le_bytes), "utf-16le")
    } else if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        (utf16(rest, u16::from_be_bytes), "utf-16be")
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (text.to_owned(), "utf-8")
    } else {
        (bytes.iter().map(|byte| windows_1252(*byte)).collect(), "windows-1252")
    };
    if text.contains('\0') {
        return Err(RuleError::field("file", "is no text file; export a CSV or tab file from your program"));
    }
    Ok(Decoded { text, encoding })
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("Grüner €".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, name) in [
            ("Grüner €".as_bytes().to_vec(), "utf-8"),
            ("\u{feff}Grüner €".as_bytes().to_vec(), "utf-8"),
            (b"Gr\xfcner \x80".to_vec(), "windows-1252"),
            (utf16, "utf-16le"),
        ] {
            let decoded = decode(&bytes).expect("text");
            assert_eq!((decoded.text.as_str(), decoded.encoding), ("Grüner €", name));
        }
        assert!(decode(b"PK\x03\x04\0\0").is_err());
    }
}
