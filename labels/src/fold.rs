//! Text as it is compared: small letters without accents.

use models::search::words;

/// Small letters and digits without accents, as the search has them; everything else is a blank. `Château d'Yquem` is `chateau d yquem`.
#[must_use]
pub fn fold(text: &str) -> String {
    models::search::fold(text).replace(|c: char| !c.is_ascii_alphanumeric(), " ")
}

/// The words of a text without what is between them: as a reader sees it that has missed the blanks.
pub(crate) fn joined(text: &str) -> String {
    words(text).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_signs_make_no_difference() {
        assert_eq!(words("Château d'Yquem"), ["chateau", "d", "yquem"]);
        assert_eq!(words("TOKAJI SZAMORODNI ÉDES – Pajzos Hőség"), ["tokaji", "szamorodni", "edes", "pajzos", "hoseg"]);
        assert_eq!(joined("Weiß-Burgunder"), "weissburgunder");
        assert_eq!(words("Cha\u{302}teau Ħal"), ["chateau", "hal"], "an accent of its own parts no word");
    }
}
