//! Text as it is compared: small letters without accents.

/// Small letters and digits without accents; everything else is a blank. `Château d'Yquem` is `chateau d yquem`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            "" if c.is_ascii_alphanumeric() => folded.push(c),
            "" => folded.push(' '),
            plain => folded.push_str(plain),
        }
    }
    folded
}

/// The words of a text, folded.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

/// The words of a text without what is between them: as a reader sees it that has missed the blanks.
pub(crate) fn joined(text: &str) -> String {
    fold(text).split_whitespace().collect()
}

fn plain(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ä' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ľ' | 'ĺ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => "o",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ű' | 'ů' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ž' | 'ż' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_signs_make_no_difference() {
        assert_eq!(words("Château d'Yquem"), ["chateau", "d", "yquem"]);
        assert_eq!(words("TOKAJI SZAMORODNI ÉDES – Pajzos Hőség"), ["tokaji", "szamorodni", "edes", "pajzos", "hoseg"]);
        assert_eq!(joined("Weiß-Burgunder"), "weissburgunder");
    }
}
