//! The number under the bars of a printed barcode: EAN-13, EAN-8, UPC-A, UPC-E (GS1 General Specifications, 7.9: the check digit).

use serde::{Deserialize, Serialize};

use crate::error::RuleError;

/// A number whose check digit is right, 8 or 13 digits. A UPC-A is the EAN-13 that begins with 0, and a UPC-E the UPC-A that
/// it is short for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(pattern = "^([0-9]{8}|[0-9]{13})$", example = "3760123456784"))]
pub struct Barcode(String);

impl Barcode {
    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Barcode {
    type Err = RuleError;

    /// Reads 8, 12 or 13 digits; blanks and dashes between them do not count.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(20).collect();
        let refused = |message: &str| Err(RuleError::field("code", message));
        if !digits.bytes().all(|b| b.is_ascii_digit()) || ![8, 12, 13].contains(&digits.len()) {
            return refused("is no barcode: write the 8, 12 or 13 digits below the bars");
        }
        // Eight digits that can be a UPC-E are one, however they came in: an EAN-8 that begins so is a shop's own.
        if let Some(long) = lengthened(&digits).filter(|long| checks(long)) {
            return Ok(Self(format!("0{long}")));
        }
        if !checks(&digits) {
            return refused("has a wrong check digit: look at the digits below the bars again");
        }
        Ok(Self(if digits.len() == 12 { format!("0{digits}") } else { digits }))
    }
}

/// Whether the last digit is right: from the right, itself included, every second digit counts three times.
fn checks(digits: &str) -> bool {
    let weighed = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum % 10 == 0
}

/// The UPC-A that a UPC-E of eight digits is short for (GS1 General Specifications, 5.2.2.4.2): the zeros that were left out
/// come back where its last digit but one says.
fn lengthened(digits: &str) -> Option<String> {
    if digits.len() != 8 || !digits.starts_with(['0', '1']) {
        return None;
    }
    let (system, body, check) = (&digits[..1], &digits[1..7], &digits[7..]);
    let long = match body.as_bytes()[5] {
        last @ b'0'..=b'2' => format!("{}{}0000{}", &body[..2], char::from(last), &body[2..5]),
        b'3' => format!("{}00000{}", &body[..3], &body[3..5]),
        b'4' => format!("{}00000{}", &body[..4], &body[4..5]),
        last => format!("{}0000{}", &body[..5], char::from(last)),
    };
    Some(format!("{system}{long}{check}"))
}

impl TryFrom<String> for Barcode {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<Barcode> for String {
    fn from(code: Barcode) -> Self {
        code.0
    }
}

impl std::fmt::Display for Barcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_tells_a_slip() {
        for right in ["3760123456784", "96385074", "0036000291452", " 3 760123-456784 "] {
            assert!(right.parse::<Barcode>().is_ok(), "{right}");
        }
        for wrong in ["3760123456785", "3760123457684", "96385075", "", "376012345678", "37601234567840", "٣٧٦٠١٢٣٤"]
        {
            assert!(wrong.parse::<Barcode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_upc_e_is_the_upc_a_that_it_is_short_for() {
        // The six ways in which zeros are left out.
        for (short, long) in [
            ("01234505", "0012000003455"),
            ("01234514", "0012100003454"),
            ("01234531", "0012300000451"),
            ("01234543", "0012340000053"),
            ("01234558", "0012345000058"),
            ("04252614", "0042100005264"),
        ] {
            assert_eq!(short.parse(), Ok(Barcode(long.to_owned())), "{short}");
        }
        assert_eq!("96385074".parse(), Ok(Barcode("96385074".to_owned())), "an EAN-8 stays one");
        assert!("01234506".parse::<Barcode>().is_err(), "a wrong check digit");
    }

    #[test]
    fn a_upc_a_and_its_ean_13_are_one() {
        let read: Barcode = "036000291452".parse().expect("a UPC-A");
        assert_eq!(read, "0036000291452".parse().expect("an EAN-13"));
        assert!(serde_json::from_str::<Barcode>("\"036000291453\"").is_err());
    }
}
