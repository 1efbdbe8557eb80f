//! What the words of a label tell where a table has no column for it.

use crate::{
    search::fold,
    wine::{Colour, Style},
};

/// Words (folded) by which a white or rosé is known.
const WHITE: &[&str] = &[
    "chardonnay",
    "riesling",
    "sauvignon blanc",
    "blanc",
    "blanco",
    "bianco",
    "weiss",
    "white",
    "feher",
    "furmint",
    "sauternes",
    "tokaji",
    "chablis",
    "champagne",
    "gruner veltliner",
    "pinot gris",
    "pinot grigio",
    "gewurztraminer",
    "viognier",
    "chenin",
    "semillon",
    "albarino",
    "verdejo",
    "prosecco",
    "cava",
    "muscadet",
    "yquem",
    "harslevelu",
    "olaszrizling",
    "welschriesling",
    "vinho verde",
    "meursault",
    "montrachet",
    "condrieu",
    "sancerre",
];
const ROSE: &[&str] = &["rose", "rosado", "rosato", "siller", "schilcher"];

/// The colour that the words of a label suggest.
pub(super) fn colour(words: &str) -> Option<Colour> {
    let words = format!(" {} ", fold(words));
    let has = |list: &[&str]| list.iter().any(|word| words.contains(&format!(" {word} ")));
    if has(ROSE) {
        Some(Colour::Rose)
    } else if has(WHITE) {
        Some(Colour::White)
    } else {
        None
    }
}

/// Colour and style of a kind of wine as programs name it: `White - Sweet/Dessert`, `Rosé - Sparkling`, `Red Wine`,
/// `Dessert/Port Wine`, `rot`. None for what is no wine.
pub(super) fn kind(text: &str, label: &str) -> Option<(Option<Colour>, Style)> {
    let words = format!(" {} ", fold(text));
    let has = |list: &[&str]| list.iter().any(|word| words.contains(&format!(" {word} ")));
    if has(&["beer", "spirits", "spirit", "liquor", "cider", "sake", "whisky", "whiskey", "other", "fruit vegetable"]) {
        return None;
    }
    let style = if has(&["sparkling", "champagne", "schaumwein", "sekt", "mousseux", "effervescent", "pezsgo"]) {
        Style::Sparkling
    } else if has(&["fortified", "port", "sherry", "madeira"]) {
        Style::Fortified
    } else if has(&["sweet", "dessert", "suss", "liquoreux", "edes"]) {
        Style::Sweet
    } else {
        Style::Still
    };
    let colour = if has(&["rose", "rosado", "rosato", "pink"]) {
        Some(Colour::Rose)
    } else if has(&["orange", "amber"]) {
        Some(Colour::Orange)
    } else if has(&["red", "rot", "rotwein", "rouge", "tinto", "rosso", "voros", "r"]) {
        Some(Colour::Red)
    } else if has(&["white", "weiss", "weisswein", "blanc", "blanco", "bianco", "feher", "w"]) {
        Some(Colour::White)
    } else {
        colour(label).or(match style {
            Style::Sparkling | Style::Sweet => Some(Colour::White),
            Style::Fortified => Some(Colour::Red),
            Style::Still => None,
        })
    };
    Some((colour, style))
}

/// A year: none for no year, for `NV`, and for the years that programs write instead (1001, 9999).
pub(super) fn year(text: &str) -> Option<i32> {
    text.trim().parse().ok().filter(|year| (1700..=2200).contains(year))
}

/// Whether the text means that there is no vintage.
pub(super) fn is_nv(text: &str) -> bool {
    let text = fold(text);
    matches!(text.as_str(), "" | "nv" | "1001" | "0" | "n v" | "non vintage" | "n a" | "mv" | "none")
}
