//! The demo's wines. Producers are invented, so that nobody's name is borrowed; regions and grapes are real.

use models::wine::{Colour, Style, WineFacts};

/// One wine in one vintage.
pub(super) struct Entry {
    producer: &'static str,
    name: &'static str,
    country: &'static str,
    region: &'static str,
    appellation: &'static str,
    colour: Colour,
    style: Style,
    /// Year; none = NV.
    pub(super) year: Option<i32>,
    /// Drinking window.
    pub(super) window: Option<(i32, i32)>,
}

impl Entry {
    /// The wine without its year.
    pub(super) fn wine(&self) -> WineFacts {
        WineFacts {
            country: self.country.to_owned(),
            region: self.region.to_owned(),
            appellation: self.appellation.to_owned(),
            style: self.style,
            ..WineFacts::named(self.producer, self.name, self.colour)
        }
    }
}

macro_rules! entries {
    ($($producer:literal, $name:literal, $country:literal, $region:literal, $appellation:literal, $colour:ident, $style:ident, $year:expr, $window:expr;)*) => {
        &[$(Entry {
            producer: $producer, name: $name, country: $country, region: $region, appellation: $appellation,
            colour: Colour::$colour, style: Style::$style, year: $year, window: $window,
        }),*]
    };
}

/// The list.
#[rustfmt::skip]
pub(super) const WINES: &[Entry] = entries! {
    "Domaine des Trois Noyers", "Vieilles Vignes", "France", "Rhône", "Gigondas", Red, Still, Some(2019), Some((2024, 2034));
    "Château Malvoisin", "Grand Vin", "France", "Bordeaux", "Saint-Julien", Red, Still, Some(2015), Some((2025, 2040));
    "Clos de la Pierre Levée", "Les Perrières", "France", "Burgundy", "Meursault", White, Still, Some(2020), Some((2024, 2032));
    "Weingut Steinbruch", "Riesling Kabinett", "Germany", "Mosel", "", White, Still, Some(2021), Some((2023, 2036));
    "Podere Lupaia Alta", "Riserva", "Italy", "Tuscany", "Chianti Classico DOCG", Red, Still, Some(2018), Some((2023, 2033));
    "Szarvas Pince", "Aszú 5 puttonyos", "Hungary", "Tokaj", "Tokaji", White, Sweet, Some(2013), Some((2020, 2050));
    "Kopasz Családi Birtok", "Kékfrankos", "Hungary", "Sopron", "", Red, Still, Some(2021), Some((2023, 2028));
    "Maison Aubertin", "Brut Réserve", "France", "Champagne", "Champagne", White, Sparkling, None, Some((2024, 2028));
    "Bodega Las Encinas", "Gran Reserva", "Spain", "Rioja", "Rioja DOCa", Red, Still, Some(2012), Some((2020, 2030));
    "Quinta do Penedo", "Vintage Port", "Portugal", "Douro", "Porto", Red, Fortified, Some(2011), Some((2030, 2060));
    "Cascina Brunata", "Vigna Bricco", "Italy", "Piedmont", "Barolo DOCG", Red, Still, Some(2016), Some((2026, 2045));
    "Mas de l'Olivette", "Rosé", "France", "Provence", "Bandol", Rose, Still, Some(2023), Some((2024, 2026));
    "Weinhof Lindner", "Smaragd", "Austria", "Wachau", "Grüner Veltliner", White, Still, Some(2019), Some((2023, 2035));
    "Hanging Rock Ridge", "Shiraz", "Australia", "Heathcote", "", Red, Still, Some(2017), Some((2021, 2027));
    "Domaine Courtepaille", "Blanc", "France", "Loire", "Savennières", White, Still, Some(2016), Some((2020, 2025));
    "Villa Marne", "Ribolla", "Slovenia", "Brda", "", Orange, Still, Some(2018), Some((2022, 2030));
};
