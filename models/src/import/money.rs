//! Sums of money as other programs write them, brought to the smallest unit.

use crate::currency::decimals;

/// Hundredths (or units, for the currencies without) of `1,234.50`, `1.234,50`, `€ 12`, `12.5`.
pub fn minor(text: &str, currency: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| c.is_ascii_digit() || ['.', ',', '-'].contains(c)).collect();
    // The last mark parts off the cents, unless three digits follow a single kind of mark: then it parts thousands.
    let mark = text.rfind(['.', ',']).filter(|i| {
        let after = text.len() - i - 1;
        let both = text.contains('.') && text.contains(',');
        after != 3 || both
    });
    let (whole, cents) = match mark {
        // More digits than cents are rounded off: programs write 94.4117647058823.
        Some(i) => (&text[..i], &text[i + 1..]),
        None => (text.as_str(), ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole: i64 = if whole.is_empty() && !cents.is_empty() { 0 } else { whole.parse().ok()? };
    if text.starts_with('-') || whole > 1_000_000_000 {
        return None;
    }
    let mut digits = cents.chars().filter_map(|c| c.to_digit(10)).map(i64::from).chain(std::iter::repeat(0));
    let units = digits.by_ref().take(decimals(currency) as usize).fold(whole, |sum, digit| sum * 10 + digit);
    Some(units + i64::from(digits.next()? >= 5))
}

/// Like [`minor`], for programs that always write a decimal point: `22.183` is 22 and not 22 thousand.
pub fn minor_point(text: &str, currency: &str) -> Option<i64> {
    minor(&if text.contains('.') { format!("{text}0000") } else { text.to_owned() }, currency)
}

/// A sum as a decimal number, such as `12.50`.
pub fn words(minor: i64, currency: &str) -> String {
    let (digits, unit) = (decimals(currency) as usize, 10_i64.pow(decimals(currency)));
    match digits {
        0 => minor.to_string(),
        _ => format!("{}.{:0digits$}", minor / unit, minor % unit),
    }
}

/// A currency's code, from the code itself or its sign.
pub fn code(text: &str) -> Option<String> {
    let text = text.trim();
    let sign = [("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("Ft", "HUF"), ("CHF", "CHF"), ("Fr.", "CHF")];
    if let Some((_, code)) = sign.iter().find(|(sign, _)| text.contains(sign)) {
        return Some((*code).to_owned());
    }
    let code: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
    (code.len() == 3).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_the_digits_of_its_currency() {
        for (text, code, units, back) in [
            ("1500", "JPY", 1500, "1500"),
            ("4.5", "KWD", 4500, "4.500"),
            ("4.1239", "BHD", 4124, "4.124"),
            ("7", "EUR", 700, "7.00"),
        ] {
            assert_eq!((minor(text, code), words(units, code).as_str()), (Some(units), back), "{text} {code}");
        }
    }

    #[test]
    fn sums_are_read_as_they_are_written() {
        for (text, cents) in [
            ("3500", Some(350_000)),
            ("9.54", Some(954)),
            ("300.0", Some(30_000)),
            ("1,234.50", Some(123_450)),
            ("1.234,50 €", Some(123_450)),
            ("1.234", Some(123_400)),
            ("12,5", Some(1250)),
            ("94.4117647058823", Some(9441)),
            ("-3", None),
            ("", None),
            ("free", None),
        ] {
            assert_eq!(minor(text, "EUR"), cents, "{text}");
        }
        assert_eq!(minor_point("22.183", "EUR"), Some(2218));
        assert_eq!(minor("1500", "JPY"), Some(1500));
        assert_eq!(code("12 €").as_deref(), Some("EUR"));
        assert_eq!(code("usd").as_deref(), Some("USD"));
    }
}
