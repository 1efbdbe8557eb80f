//! The year of the harvest, and not that of the house, of a medal or of a law.

use models::search::words;

use super::Seen;
use crate::fields::Field;

/// The oldest year that is taken for a vintage.
const OLDEST: i32 = 1900;
/// Words that stand beside a year which is no vintage.
const NO_VINTAGE: &[&str] = &[
    "since",
    "depuis",
    "desde",
    "seit",
    "dal",
    "fondata",
    "fondee",
    "fonde",
    "fondato",
    "founded",
    "established",
    "est",
    "estd",
    "anno",
    "fundada",
    "fundado",
    "gegrundet",
    "alapitva",
    "alapitas",
    "ota",
    "gold",
    "medal",
    "medaille",
    "medalha",
    "concours",
    "challenge",
    "copyright",
    "loi",
    "law",
    "classement",
    "classified",
    "centenary",
    "tel",
    "phone",
    "lot",
    "cp",
    "bis",
    "until",
];
/// Words that announce one.
const VINTAGE: &[&str] = &[
    "vintage",
    "millesime",
    "vendemmia",
    "annata",
    "cosecha",
    "anada",
    "colheita",
    "safra",
    "vindima",
    "jahrgang",
    "ernte",
    "evjarat",
    "szuret",
    "recolte",
    "vendange",
    "harvest",
    "harvested",
];

/// The vintage; `NV` where the label says so.
pub(super) fn find(lines: &[Seen], this_year: i32) -> Option<Field> {
    let tallest = lines.iter().map(|seen| seen.line.height()).fold(1.0, f32::max);
    let mut years: Vec<(f32, i32, Seen)> = Vec::new();
    for (place, seen) in lines.iter().enumerate() {
        let said = words(&seen.line.text);
        for (year, alone) in years_in(&seen.line.text, this_year) {
            let mut score = 0.55 + 0.2 * (seen.line.height() / tallest).min(1.0);
            if alone {
                score += 0.2;
            }
            if said.iter().any(|word| VINTAGE.contains(&word.as_str())) {
                score += 0.3;
            }
            let before = place.checked_sub(1).map(|i| words(&lines[i].line.text)).unwrap_or_default();
            let warned = |said: &[String]| said.iter().any(|word| NO_VINTAGE.contains(&word.as_str()));
            if warned(&said) {
                score -= 0.6;
            } else if before.len() <= 2 && warned(&before) {
                score -= 0.4;
            }
            // Bottles of more than 30 years are rare, old houses are not.
            if year < this_year - 30 {
                score -= 0.25;
            }
            if year < this_year - 60 {
                score -= 0.3;
            }
            years.push((score, year, *seen));
        }
    }
    years.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let Some((score, year, seen)) = years.first().copied().filter(|(score, ..)| *score > 0.3) else {
        return not_vintage(lines);
    };
    // What other lines agree with is surer, what they contradict less so.
    let rivals: Vec<String> =
        years.iter().map(|(_, other, _)| *other).filter(|other| *other != year).map(|y| y.to_string()).collect();
    let mut field = seen.field(year.to_string(), score + 0.1);
    for rival in rivals {
        if !field.alternatives.contains(&rival) {
            field.alternatives.push(rival);
        }
    }
    Some(field)
}

/// Years in a line, each with whether nothing else stands there. `2O15` and `20l5` are years, `12.03.2015` and `L2015` are not.
fn years_in(text: &str, this_year: i32) -> Vec<(i32, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let mut years = Vec::new();
    for (start, four) in chars.windows(4).enumerate() {
        if four.iter().filter(|c| c.is_ascii_digit()).count() < 2 {
            continue;
        }
        let digits: Option<String> = four.iter().map(|c| digit(*c)).collect();
        let Some(year) = digits.and_then(|digits| digits.parse::<i32>().ok()) else { continue };
        let pure = four.iter().all(char::is_ascii_digit);
        let before = start.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(start + 4).copied();
        let part_of_more = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || (!pure && c.is_alphanumeric()));
        let dotted = |c: Option<char>, further: Option<char>| {
            c.is_some_and(|c| ".,/-".contains(c)) && further.is_some_and(|c| c.is_ascii_digit())
        };
        let beyond = start.checked_sub(2).map(|i| chars[i]);
        let price = chars[start + 4..].iter().find(|c| !c.is_whitespace()).is_some_and(|c| "€$£%".contains(*c));
        if !(OLDEST..=this_year).contains(&year)
            || part_of_more(before)
            || part_of_more(after)
            || dotted(before, beyond)
            || dotted(after, chars.get(start + 5).copied())
            || price
            || before.is_some_and(|c| c == 'L' || c == 'l')
        {
            continue;
        }
        let letters = |chars: &[char]| chars.iter().filter(|c| c.is_alphanumeric()).count();
        years.push((year, letters(&chars) == letters(four)));
    }
    years
}

/// A digit, or the letter that a reader takes it for.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' | 'D' | 'Q' => Some('0'),
        'I' | 'l' | 'i' | '|' => Some('1'),
        'Z' | 'z' => Some('2'),
        'S' | 's' => Some('5'),
        'B' => Some('8'),
        _ => None,
    }
}

/// The label says that the wine is of no single year, or is of a kind that rarely is.
fn not_vintage(lines: &[Seen]) -> Option<Field> {
    let says = |seen: &&Seen| {
        let said = words(&seen.line.text);
        said.windows(2).any(|two| two[0] == "non" && ["vintage", "millesime"].contains(&two[1].as_str()))
            || said == ["nv"]
            || said.iter().any(|word| word == "multivintage")
    };
    if let Some(seen) = lines.iter().find(says) {
        return Some(seen.field("NV", 0.9));
    }
    let brut = |seen: &&Seen| {
        words(&seen.line.text).iter().any(|word| ["brut", "tawny", "ruby", "fino"].contains(&word.as_str()))
    };
    lines.iter().find(brut).map(|seen| seen.field("NV", 0.5))
}
