//! What somebody scanned: a barcode, or an address of this house as our own labels carry it. Everything else is nothing.

use crate::{
    barcode::Barcode,
    ids::{BinId, BottleId, WineId},
};

/// Longest text that is looked at.
const LONGEST: usize = 500;

/// Something that can be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// A bin of a rack.
    Bin(BinId),
    /// A bottle.
    Bottle(BottleId),
    /// A wine.
    Wine(WineId),
    /// What stands on a bottle that was bought.
    Barcode(Barcode),
}

impl Scanned {
    /// Reads what a scanner typed or a camera saw. Of an address the place within the house counts alone: the house
    /// may have been called otherwise when the label was printed, and no code leads to another one.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        if let Ok(code) = text.parse() {
            return Some(Self::Barcode(code));
        }
        let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        let path = match ["http://", "https://"].iter().find(|scheme| lower.starts_with(**scheme)) {
            Some(scheme) => &text[text[scheme.len()..].find('/')? + scheme.len()..],
            None => text,
        };
        let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
        let (kind, id) = path.split_once('/')?;
        let id = id.strip_suffix('/').unwrap_or(id);
        let plain = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match kind.to_ascii_lowercase().as_str() {
            "bins" => Some(BinId::from(id)).filter(BinId::is_valid).map(Self::Bin),
            "bottles" if plain => Some(Self::Bottle(id.into())),
            "wines" if plain => Some(Self::Wine(id.into())),
            _ => None,
        }
    }
}

/// Whether a text is what this program prints on its labels: the address of a bin, or of a bottle by its UUID. Houses that make wine have
/// pages of their own, such as `https://chateau.example/wines/grand-vin`.
pub fn is_our_label(text: &str) -> bool {
    match Scanned::read(text) {
        Some(Scanned::Bin(_)) => true,
        Some(Scanned::Bottle(id)) => id.as_str().len() == 36,
        Some(Scanned::Wine(_) | Scanned::Barcode(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn our_own_addresses_are_known_whatever_the_house_is_called() {
        let bin = Some(Scanned::Bin("03_03".into()));
        for text in
            ["http://cellar.local:8000/bins/03_03", "HTTPS://10.0.0.7/bins/03_03/?x#y", "/bins/03_03", " /bins/03_03\n"]
        {
            assert_eq!(Scanned::read(text), bin, "{text}");
        }
        assert_eq!(Scanned::read("http://a/bottles/0199-ab"), Some(Scanned::Bottle("0199-ab".into())));
        assert_eq!(Scanned::read("http://a/wines/0199-ab"), Some(Scanned::Wine("0199-ab".into())));
        assert!(matches!(Scanned::read("036000291452"), Some(Scanned::Barcode(_))));
        assert_eq!(Scanned::read("HTTP://CELLAR.LOCAL:8000/BINS/03_03"), bin, "with caps lock");
        assert!(is_our_label("http://a/bins/03_03") && is_our_label("/bottles/01a2194b-ce25-73c5-a83b-f0cebb2ce338"));
        for other in ["https://chateau.example/wines/grand-vin-2019", "3760123456784", "https://x/bottles/magnum"] {
            assert!(!is_our_label(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_address_of_ours_leads_nowhere() {
        for text in [
            "",
            "/",
            "http://",
            "http://a",
            "https://evil.example/phish",
            "javascript:alert(1)",
            "//evil.example/bins",
            "/bins/../people",
            "/bins/%2e%2e",
            "/wines/new/edit",
            "/bottles/<script>",
            "data:text/html,x",
            "WIFI:S:x;P:y;;",
            "http:///bins",
        ] {
            assert_eq!(Scanned::read(text), None, "{text}");
        }
        assert_eq!(Scanned::read(&format!("/bins/{}", "1".repeat(600))), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,80}", tail in "[a-z0-9/:?#.%-]{0,40}") {
            for text in [text.clone(), format!("http://{text}"), format!("http://{tail}"), format!("/{tail}")] {
                if let Some(Scanned::Bottle(BottleId(id)) | Scanned::Wine(WineId(id))) = Scanned::read(&text) {
                    prop_assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
                }
            }
        }
    }
}
