//! Bottle sizes and the names the trade has for them.

/// Volume in millilitres, the usual name, and the name for sparkling wine where it is another.
const FORMATS: &[(i32, &str, Option<&str>)] = &[
    (187, "Piccolo", None),
    (200, "Quarter", Some("Piccolo")),
    (250, "Chopine", None),
    (375, "Half", Some("Demi")),
    (500, "Half litre", None),
    (620, "Clavelin", None),
    (750, "Bottle", None),
    (1000, "Litre", None),
    (1500, "Magnum", None),
    (2250, "Marie-Jeanne", None),
    (3000, "Double magnum", Some("Jeroboam")),
    (4500, "Jeroboam", Some("Rehoboam")),
    (5000, "Jeroboam (5 l)", None),
    (6000, "Imperial", Some("Methuselah")),
    (9000, "Salmanazar", None),
    (12_000, "Balthazar", None),
    (15_000, "Nebuchadnezzar", None),
    (18_000, "Melchior", Some("Solomon")),
    (20_000, "Solomon", None),
    (25_000, "Sovereign", None),
    (27_000, "Primat", Some("Goliath")),
    (30_000, "Melchizedek", Some("Midas")),
];

/// Smallest and largest volume a bottle may have, in millilitres.
pub const RANGE: std::ops::RangeInclusive<i32> = 187..=30_000;

/// The trade's name of a volume in millilitres, if it has one.
pub fn name(volume_ml: i32, sparkling: bool) -> Option<&'static str> {
    let (_, usual, bubbles) = FORMATS.iter().find(|(ml, ..)| *ml == volume_ml)?;
    Some(bubbles.filter(|_| sparkling).unwrap_or(usual))
}

/// Name and size for a person, such as `Magnum (1.5 l)`, `75 cl` or `1.2 l`.
pub fn words(volume_ml: i32, sparkling: bool) -> String {
    let size = match volume_ml {
        ml if ml < 1000 => format!("{} cl", decimal(ml, 10)),
        ml => format!("{} l", decimal(ml, 1000)),
    };
    match name(volume_ml, sparkling) {
        Some(_) if volume_ml == 750 => size,
        Some(name) if name.contains('(') => name.to_owned(),
        Some(name) => format!("{name} ({size})"),
        None => size,
    }
}

/// `value / unit` without trailing zeros.
fn decimal(value: i32, unit: i32) -> String {
    let whole = value / unit;
    match value % unit {
        0 => whole.to_string(),
        rest => {
            let digits = unit.ilog10() as usize;
            format!("{whole}.{rest:0digits$}").trim_end_matches('0').to_owned()
        }
    }
}

/// The formats, smallest first: volume in millilitres and usual name.
pub fn all() -> impl Iterator<Item = (i32, &'static str)> {
    FORMATS.iter().map(|(ml, name, _)| (*ml, *name))
}

/// Reads a size as people and other programs write it: `750ml`, `75 cl`, `1.5L`, `0,75 l`, `Magnum`, `750`.
pub fn parse(text: &str) -> Option<i32> {
    let text = text.trim().to_lowercase().replace(',', ".");
    let named = FORMATS.iter().find(|(_, usual, bubbles)| {
        usual.eq_ignore_ascii_case(&text) || bubbles.is_some_and(|name| name.eq_ignore_ascii_case(&text))
    });
    if let Some((ml, ..)) = named {
        return Some(*ml);
    }
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let per_unit = match unit.trim() {
        "" | "ml" => 1.0,
        "cl" => 10.0,
        "dl" => 100.0,
        "l" | "lt" | "ltr" | "liter" | "litre" => 1000.0,
        _ => return None,
    };
    let ml = number.parse::<f64>().ok()? * per_unit;
    // Within the range it fits an i32.
    let ml = ml.round();
    (f64::from(*RANGE.start())..=f64::from(*RANGE.end())).contains(&ml).then_some(ml as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_names_of_the_trade() {
        assert_eq!(words(750, false), "75 cl");
        assert_eq!(words(1500, false), "Magnum (1.5 l)");
        assert_eq!(words(3000, true), "Jeroboam (3 l)");
        assert_eq!(words(3000, false), "Double magnum (3 l)");
        assert_eq!(words(187, true), "Piccolo (18.7 cl)");
        assert_eq!(words(720, false), "72 cl");
    }

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for (text, ml) in
            [("750ml", 750), ("75 cl", 750), ("1.5L", 1500), ("0,75 l", 750), ("magnum", 1500), ("375", 375)]
        {
            assert_eq!(parse(text), Some(ml), "{text}");
        }
        for text in ["", "a lot", "-1", "0.1ml", "99 l", "1e9l"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
