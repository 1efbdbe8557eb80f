//! Drinking windows: when to open a wine, who says so, and a rule of thumb where nobody does.

use serde::{Deserialize, Serialize};

use crate::{
    error::RuleError,
    wine::{Colour, Style, Sweetness, WineFacts, year},
};

/// The owner's own window, which wins over every other.
pub const OWNER: &str = "owner";
/// The rule of thumb, used where no source is known.
pub const RULE: &str = "rule";

/// Years between which to drink a vintage. A side that is left out is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// First year.
    pub drink_from: Option<i32>,
    /// First year of the peak.
    #[serde(default)]
    pub peak_from: Option<i32>,
    /// Last year of the peak.
    #[serde(default)]
    pub peak_to: Option<i32>,
    /// Last year.
    pub drink_to: Option<i32>,
}

/// Where a vintage stands in its drinking window in a given year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DrinkState {
    /// The window begins later.
    Young,
    /// Within the window.
    Ready,
    /// Within the best years of the window.
    Peak,
    /// The window has ended.
    Past,
    /// No window is known.
    Unknown,
}

impl DrinkState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Young, Self::Ready, Self::Peak, Self::Past, Self::Unknown];

    /// The word that is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Young => "young",
            Self::Ready => "ready",
            Self::Peak => "peak",
            Self::Past => "past",
            Self::Unknown => "unknown",
        }
    }
}

impl Window {
    /// A window without a peak.
    pub fn years(from: Option<i32>, to: Option<i32>) -> Self {
        Self { drink_from: from, drink_to: to, ..Self::default() }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The state in `this_year`. An open side of the window never excludes.
    pub fn state(&self, this_year: i32) -> DrinkState {
        if self.is_empty() {
            return DrinkState::Unknown;
        }
        let from = self.drink_from.or(self.peak_from);
        let to = self.drink_to.or(self.peak_to);
        match (from, to) {
            (Some(from), _) if this_year < from => DrinkState::Young,
            (_, Some(to)) if this_year > to => DrinkState::Past,
            _ if self.at_peak(this_year) => DrinkState::Peak,
            _ => DrinkState::Ready,
        }
    }

    fn at_peak(&self, this_year: i32) -> bool {
        (self.peak_from.is_some() || self.peak_to.is_some())
            && self.peak_from.is_none_or(|from| this_year >= from)
            && self.peak_to.is_none_or(|to| this_year <= to)
    }

    /// Refuses years out of range or out of order: from, peak from, peak to, to.
    pub fn check(&self) -> Result<(), RuleError> {
        let sides = [
            ("drink_from", self.drink_from),
            ("peak_from", self.peak_from),
            ("peak_to", self.peak_to),
            ("drink_to", self.drink_to),
        ];
        let mut last: Option<i32> = None;
        for (field, value) in sides {
            year(field, value)?;
            let Some(value) = value else { continue };
            if let Some(last) = last.filter(|last| value < *last) {
                return Err(RuleError::field(
                    field,
                    format!("{value} is before {last}, where the window already runs"),
                ));
            }
            last = Some(value);
        }
        Ok(())
    }
}

/// The window that counts among those known: the owner's, else the first named source, else the rule of thumb.
/// Returns it with its source.
pub fn effective(known: &[(String, Window)], facts: &WineFacts, vintage: Option<i32>) -> Option<(String, Window)> {
    let named = |name: &str| known.iter().find(|(source, window)| source == name && !window.is_empty()).cloned();
    let imported = || {
        known
            .iter()
            .filter(|(source, window)| source != OWNER && !window.is_empty())
            .min_by(|a, b| a.0.cmp(&b.0))
            .cloned()
    };
    named(OWNER).or_else(imported).or_else(|| rule(facts, vintage?).map(|window| (RULE.to_owned(), window)))
}

/// Years after the harvest: first, peak from, peak to, last.
type Offsets = [i32; 4];

/// Grapes (in lower case) that say more about keeping than the colour does. Orders of magnitude as in general guides to
/// keeping wine; no more than a rule of thumb, and shown as one.
const GRAPES: &[(&str, Offsets)] = &[
    ("nebbiolo", [6, 10, 18, 25]),
    ("cabernet sauvignon", [4, 8, 15, 20]),
    ("cabernet franc", [3, 5, 10, 14]),
    ("merlot", [3, 5, 10, 14]),
    ("syrah", [3, 6, 12, 16]),
    ("shiraz", [3, 6, 12, 16]),
    ("mourvèdre", [4, 7, 14, 20]),
    ("tempranillo", [3, 6, 12, 16]),
    ("sangiovese", [3, 5, 10, 14]),
    ("tannat", [5, 8, 14, 18]),
    ("malbec", [2, 4, 8, 12]),
    ("pinot noir", [2, 4, 8, 12]),
    ("grenache", [2, 4, 8, 12]),
    ("gamay", [1, 1, 3, 5]),
    ("riesling", [1, 4, 12, 18]),
    ("chenin blanc", [1, 4, 10, 15]),
    ("furmint", [1, 3, 8, 12]),
    ("semillon", [1, 4, 9, 14]),
    ("chardonnay", [1, 2, 5, 8]),
    ("sauvignon blanc", [0, 1, 2, 4]),
    ("pinot gris", [0, 1, 3, 5]),
    ("grüner veltliner", [0, 1, 4, 8]),
];

/// Regions (in lower case) whose wines keep longer or shorter than their grapes would tell.
const REGIONS: &[(&str, Offsets)] = &[
    ("barolo", [7, 11, 20, 30]),
    ("barbaresco", [6, 9, 17, 25]),
    ("pauillac", [7, 12, 22, 30]),
    ("margaux", [6, 10, 20, 28]),
    ("bordeaux", [4, 7, 14, 20]),
    ("burgundy", [3, 5, 10, 15]),
    ("bourgogne", [3, 5, 10, 15]),
    ("hermitage", [6, 10, 20, 28]),
    ("beaujolais", [1, 1, 3, 5]),
    ("bandol", [4, 8, 15, 20]),
    ("brunello di montalcino", [6, 9, 16, 22]),
    ("rioja", [3, 6, 12, 18]),
    ("tokaj", [3, 8, 25, 40]),
    ("sauternes", [4, 10, 25, 40]),
];

/// The rule of thumb for a vintage: by appellation or region, by the first grape, else by style and colour.
pub fn rule(facts: &WineFacts, vintage: i32) -> Option<Window> {
    let by_style = match (facts.style, facts.colour) {
        (Style::Fortified, _) => Some([2, 10, 30, 50]),
        (Style::Sparkling, _) => Some([0, 1, 5, 8]),
        (Style::Sweet, _) => Some([2, 6, 18, 25]),
        (Style::Still, _) if matches!(facts.sweetness, Some(Sweetness::Sweet | Sweetness::Luscious)) => {
            Some([2, 6, 18, 25])
        }
        _ => None,
    };
    let find = |table: &[(&str, Offsets)], word: &str| {
        let word = word.trim().to_lowercase();
        table.iter().find(|(name, _)| *name == word).map(|(_, offsets)| *offsets)
    };
    // Of a region only the reds are told apart: its whites and rosés go by grape and colour.
    let by_place = || {
        let places = [&facts.appellation, &facts.subregion, &facts.region];
        let keeps = facts.colour == Colour::Red;
        places.into_iter().filter(|_| keeps).find_map(|place| find(REGIONS, place))
    };
    let by_grape =
        || facts.grapes.first().filter(|_| facts.colour != Colour::Rose).and_then(|grape| find(GRAPES, &grape.name));
    let by_colour = match facts.colour {
        Colour::Red => [2, 3, 7, 10],
        Colour::White => [0, 1, 3, 5],
        Colour::Rose => [0, 0, 1, 3],
        Colour::Orange => [1, 2, 5, 8],
    };
    let [from, peak_from, peak_to, to] = by_style.or_else(by_place).or_else(by_grape).unwrap_or(by_colour);
    let at = |years: i32| Some(vintage + years).filter(|year| (1700..=2200).contains(year));
    Some(Window { drink_from: at(from), peak_from: at(peak_from), peak_to: at(peak_to), drink_to: at(to) })
}
