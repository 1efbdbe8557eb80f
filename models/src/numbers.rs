//! The cellar in numbers: bottles and what they cost over the months, what was drunk, what lies here, what is forgotten.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    ids::{BinId, RackId, VintageId, WineId},
    movement::IssueReason,
    window::{DrinkState, Window},
    wine::{Colour, Style},
};

/// A month of the calendar, as months since the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthNumber(pub i32);

impl MonthNumber {
    /// The month of an instant.
    pub fn of(at: Instant) -> Self {
        Self(at.year() * 12 + i32::try_from(at.month0()).unwrap_or(0))
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Self(year * 12 + month - 1))
    }
}

impl std::fmt::Display for MonthNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// Why the number of bottles changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They came in.
    Received,
    /// They left.
    Left(IssueReason),
    /// The book was set right: they were here after all.
    Found,
    /// The book was set right: they were not here.
    Missing,
}

/// Some bottles of one month that changed the number for one reason. Undone ones have negative `bottles` and `minor`: an
/// undone movement counts as if it had never been, in the month in which it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub month: MonthNumber,
    /// Why.
    pub why: Why,
    /// How many bottles.
    pub bottles: i64,
    /// Currency in which they were paid; none where no price is known.
    pub currency: Option<String>,
    /// What they cost together, in the smallest unit of the currency.
    pub minor: i64,
}

/// The journal, folded to months. It grows by [`Ledger::add`] as the journal does.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    months: BTreeMap<MonthNumber, Flow>,
    paid: BTreeMap<String, BTreeMap<MonthNumber, Paid>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Flow {
    came: i64,
    drunk: i64,
    given: i64,
    otherwise: i64,
    set_right: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Paid {
    bottles: i64,
    minor: i64,
}

impl Ledger {
    /// Adds bottles to their month.
    pub fn add(&mut self, entry: &Entry) {
        let flow = self.months.entry(entry.month).or_default();
        let n = entry.bottles;
        let sign = match entry.why {
            Why::Received => {
                flow.came += n;
                1
            }
            Why::Found => {
                flow.set_right += n;
                1
            }
            Why::Missing => {
                flow.set_right -= n;
                -1
            }
            Why::Left(reason) => {
                match reason {
                    IssueReason::Drunk => flow.drunk += n,
                    IssueReason::Gift => flow.given += n,
                    _ => flow.otherwise += n,
                }
                -1
            }
        };
        if let Some(currency) = &entry.currency {
            let paid = self.paid.entry(currency.clone()).or_default().entry(entry.month).or_default();
            paid.bottles += sign * n;
            paid.minor += sign * entry.minor;
        }
    }

    /// Every month from the first with a movement to `now`, without a gap; none while nothing has happened.
    pub fn months(&self, now: MonthNumber) -> Vec<Month> {
        let mut here = 0;
        let month = |n: i32| {
            let flow = self.months.get(&MonthNumber(n)).copied().unwrap_or_default();
            here += flow.came + flow.set_right - flow.drunk - flow.given - flow.otherwise;
            Month {
                month: MonthNumber(n).to_string(),
                here,
                came: flow.came,
                drunk: flow.drunk,
                given: flow.given,
                otherwise: flow.otherwise,
                set_right: flow.set_right,
            }
        };
        self.range(now).map(month).collect()
    }

    /// What the bottles of each month's end had cost: one series a currency, never added up, the one that paid for most
    /// of today's bottles first.
    pub fn costs(&self, now: MonthNumber) -> Vec<CostSeries> {
        let series = |(currency, paid): (&String, &BTreeMap<MonthNumber, Paid>)| {
            let mut sum = Paid::default();
            let minor = self.range(now).map(|n| {
                let of_month = paid.get(&MonthNumber(n)).copied().unwrap_or_default();
                sum = Paid { bottles: sum.bottles + of_month.bottles, minor: sum.minor + of_month.minor };
                sum.minor
            });
            let minor = minor.collect();
            CostSeries { currency: currency.clone(), bottles: sum.bottles, minor }
        };
        let mut all: Vec<CostSeries> = self.paid.iter().map(series).collect();
        all.sort_by(|a, b| b.bottles.cmp(&a.bottles).then_with(|| a.currency.cmp(&b.currency)));
        all
    }

    fn range(&self, now: MonthNumber) -> std::ops::Range<i32> {
        let first = self.months.keys().next().map_or(now.0 + 1, |first| first.0);
        let last = self.months.keys().next_back().map_or(now.0, |last| last.0.max(now.0));
        first..last + 1
    }
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Month {
    /// `YYYY-MM`.
    #[cfg_attr(feature = "openapi", schema(example = "2026-11"))]
    pub month: String,
    /// Bottles in the cellar at its end.
    pub here: i64,
    /// Bottles that came in.
    pub came: i64,
    /// Bottles drunk.
    pub drunk: i64,
    /// Bottles given away.
    pub given: i64,
    /// Bottles sold, broken, corked or lost.
    pub otherwise: i64,
    /// Bottles found (above 0) or missing (below 0) when the book was set right.
    pub set_right: i64,
}

/// What the bottles in the cellar had cost, month by month, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostSeries {
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(example = "EUR"))]
    pub currency: String,
    /// Bottles in the cellar now that were paid in it.
    pub bottles: i64,
    /// For each month of `months`, in the currency's smallest unit.
    pub minor: Vec<i64>,
}

/// How many bottles share a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// The word: a colour, a region, a year, a state. Empty where it is not known (`NV` for years).
    pub word: String,
    /// Bottles in the cellar.
    pub bottles: i64,
}

/// Bottles of one vintage in the cellar.
#[derive(Debug, Clone, PartialEq)]
pub struct StockLine {
    /// Colour of the wine.
    pub colour: Colour,
    /// Region, or the country where none is known.
    pub origin: String,
    /// Year; none = NV.
    pub year: Option<i32>,
    /// The window that counts.
    pub window: Window,
    /// How many.
    pub bottles: i64,
    /// What one is worth by the owner's valuation: smallest unit and currency.
    pub worth: Option<(i64, String)>,
}

/// What the bottles are worth that have a valuation, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worth {
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(example = "EUR"))]
    pub currency: String,
    /// Bottles of vintages that are valued in it.
    pub bottles: i64,
    /// All of them together, in the currency's smallest unit.
    pub minor: i64,
}

/// Adds the valuations up, one sum a currency, the one of most bottles first.
pub fn worth(stock: &[StockLine]) -> Vec<Worth> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for line in stock {
        if let Some((minor, code)) = &line.worth {
            let sum = sums.entry(code).or_default();
            *sum = (sum.0 + line.bottles, sum.1.saturating_add(minor.saturating_mul(line.bottles)));
        }
    }
    let mut all: Vec<Worth> =
        sums.into_iter().map(|(code, (bottles, minor))| Worth { currency: code.to_owned(), bottles, minor }).collect();
    all.sort_by_key(|worth| std::cmp::Reverse(worth.bottles));
    all
}

/// The bottles in the cellar by colour, region, vintage and drink state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Groups {
    /// By colour, most first.
    pub colour: Vec<Share>,
    /// By region (or country), most first.
    pub region: Vec<Share>,
    /// By year, newest first, without a year last.
    pub vintage: Vec<Share>,
    /// By state: young, ready, peak, past, unknown; states without bottles too.
    pub state: Vec<Share>,
}

impl Groups {
    /// Groups the stock as it stands in `this_year`.
    pub fn of(stock: &[StockLine], this_year: i32) -> Self {
        let colour = count(stock, |line| line.colour.as_str().to_owned());
        let region = count(stock, |line| line.origin.clone());
        let mut vintage = count(stock, |line| line.year.map_or_else(|| "NV".to_owned(), |year| year.to_string()));
        vintage.sort_by_key(|share| std::cmp::Reverse(share.word.parse::<i32>().unwrap_or(i32::MIN)));
        let states = count(stock, |line| line.window.state(this_year).as_str().to_owned());
        let state = |state: &DrinkState| {
            let bottles = states.iter().find(|share| share.word == state.as_str()).map_or(0, |share| share.bottles);
            Share { word: state.as_str().to_owned(), bottles }
        };
        Self { colour, region, vintage, state: DrinkState::ALL.iter().map(state).collect() }
    }
}

fn count(stock: &[StockLine], word: impl Fn(&StockLine) -> String) -> Vec<Share> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for line in stock {
        *sums.entry(word(line)).or_default() += line.bottles;
    }
    let mut shares: Vec<Share> = sums.into_iter().map(|(word, bottles)| Share { word, bottles }).collect();
    // Stable: words with as many bottles stay in alphabetical order.
    shares.sort_by_key(|share| std::cmp::Reverse(share.bottles));
    shares
}

/// Bottles that should be opened and are not thought of: their window has come, and nobody has touched them for two
/// years, or the window ends this year or next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forgotten {
    /// The rack; none for bottles in no bin.
    pub rack_id: Option<RackId>,
    /// Name of the rack; empty for bottles in no bin.
    pub rack: String,
    /// The bin.
    pub bin: Option<BinId>,
    /// The wine.
    pub wine_id: WineId,
    /// The vintage.
    pub vintage_id: VintageId,
    /// Producer, name and year.
    pub title: String,
    /// Colour.
    pub colour: Colour,
    /// Style.
    pub style: Style,
    /// Where the vintage stands.
    pub state: DrinkState,
    /// Last year of its window.
    pub until: Option<i32>,
    /// Year in which the first of these bottles was received.
    pub since: i32,
    /// How many bottles of the vintage, in this bin.
    pub bottles: i64,
}

/// Years after which a ready bottle that nobody moved counts as forgotten.
pub const UNTOUCHED_YEARS: i32 = 2;

/// The whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Numbers {
    /// Bottles in the cellar.
    pub bottles: i64,
    /// Of those, bottles without a price.
    pub unpriced: i64,
    /// Month by month, oldest first. Undone movements count as if they had never been.
    pub months: Vec<Month>,
    /// What the bottles had cost, one series a currency: currencies are never added up.
    pub costs: Vec<CostSeries>,
    /// What the bottles are worth that have a valuation, one sum a currency.
    pub worth: Vec<Worth>,
    /// What lies here.
    pub groups: Groups,
    /// What is ready and forgotten, in walking order: by rack, then by bin. At most 200.
    pub forgotten: Vec<Forgotten>,
    /// Bottles that are ready and forgotten, also those beyond the list.
    pub forgotten_bottles: i64,
}

/// The key that brings bins into walking order: numbers within the name count as numbers, so that `2_10` follows `2_9`.
pub fn walking_key(name: &str) -> Vec<(u64, String)> {
    let mut parts: Vec<(u64, String)> = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest[..digits].parse().unwrap_or(0);
        let word = rest[digits..].bytes().take_while(|b| !b.is_ascii_digit()).count();
        parts.push((number, rest[digits..digits + word].to_owned()));
        rest = &rest[digits + word..];
    }
    parts
}
