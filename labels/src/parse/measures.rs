//! Alcohol and content.

use super::Seen;
use crate::fields::Field;

/// Contents that bottles have, in millilitres.
const SIZES: [i32; 17] = [100, 187, 200, 250, 330, 375, 500, 620, 700, 720, 750, 1000, 1500, 2250, 3000, 5000, 6000];

/// Alcohol, such as `13,5 % vol`, `Alc. 13.5% by vol.` or `ALC 13.5`.
pub(super) fn abv(lines: &[Seen]) -> Option<Field> {
    let mut found: Vec<(f32, f64, Seen)> = Vec::new();
    for seen in lines {
        let text = seen.line.text.to_lowercase();
        let announced = text.contains("alc") || text.contains("vol") || text.contains("álc") || text.contains("alk");
        for number in numbers(&text) {
            let percent = number.after.starts_with('%') || number.after.starts_with('°');
            if !(4.5..=23.0).contains(&number.value) || !(percent || announced && number.value.fract() != 0.0) {
                continue;
            }
            // `100 % Merlot` is out of bounds, `15% Merlot` is not.
            let rest = number.after.trim_start_matches(['%', '°']).trim_start();
            let share = percent && !announced && rest.chars().next().is_some_and(char::is_alphabetic);
            let sure = f32::from(u8::from(percent)) * 0.4 + f32::from(u8::from(announced)) * 0.55;
            found.push((if share { 0.1 } else { sure }, number.value, *seen));
        }
    }
    let (sure, value, seen) = found.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    (sure > 0.3).then(|| seen.field(tenths(value), sure))
}

/// Content, such as `75 cl`, `750 ml` or `0,75 l`.
pub(super) fn volume(lines: &[Seen]) -> Option<Field> {
    let mut best: Option<Field> = None;
    for seen in lines {
        let text = seen.line.text.to_lowercase();
        for number in numbers(&text) {
            let unit: String = number.after.chars().take_while(|c| c.is_alphabetic()).collect();
            let factor = match unit.as_str() {
                "ml" | "mle" | "mi" => 1.0,
                "cl" | "cle" | "ci" | "c" => 10.0,
                "l" | "lt" | "ltr" | "litre" | "liter" | "litro" | "i" => 1000.0,
                _ => continue,
            };
            let millilitres = (number.value * factor).round() as i32;
            if SIZES.contains(&millilitres) && best.is_none() {
                best = Some(seen.field(millilitres.to_string(), 0.95));
            }
        }
    }
    best
}

fn tenths(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A number and what follows it, without blanks before.
struct Number<'a> {
    value: f64,
    after: &'a str,
}

fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[start..];
        let mut end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        // A fraction, also with a blank after its comma: `13, 5 %`. Behind a year, or with more digits, it is a number of its own:
        // `2019, 1,5 l`, `12, 750 ml`.
        let whole = &tail[..end];
        let mut fraction = "";
        if let Some(after) = tail[end..].strip_prefix(['.', ',']) {
            let blank = usize::from(after.starts_with(' '));
            let after = &after[blank..];
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let most = if blank == 0 { 3 } else { usize::from(whole.len() <= 2) };
            if (1..=most).contains(&digits) {
                fraction = &after[..digits];
                end += 1 + blank + digits;
            }
        }
        if whole.len() <= 4
            && let Ok(value) = format!("{whole}.{fraction}0").parse()
        {
            found.push(Number { value, after: tail[end..].trim_start() });
        }
        rest = &tail[end..];
    }
    found
}
