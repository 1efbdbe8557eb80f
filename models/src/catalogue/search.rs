//! The search: one walk over the vintages finds the holdings and counts the facets.

use std::collections::BTreeMap;

use super::{
    copy::{BottleEntry, Catalogue, GONE, NOWHERE, UNPLACED, VintageEntry, WineEntry},
    cursor::{Cursor, Place},
    facets::{COUNT, Facet, FacetCounts, FacetValue},
    holding::{Holding, PlaceCount},
    query::{Answer, Query, Sort, State},
    words::{EXACT, MISS},
};
use crate::{
    bottle_format,
    error::RuleError,
    ids::{BinId, VintageId, WineId},
    search::fold,
    window::DrinkState,
    wine::{Colour, Style},
};

/// A word that is looked for.
struct Word {
    /// How well each word of the vocabulary fits.
    grades: Vec<u8>,
    /// The year it names, if it does.
    year: Option<i32>,
}

impl Word {
    fn grade(&self, wine: &WineEntry) -> u8 {
        wine.words.iter().map(|number| self.grades[*number as usize]).min().unwrap_or(MISS)
    }
}

/// The values chosen of each facet, by number; none = the facet does not restrict.
type Chosen = [Option<Vec<u32>>; COUNT];

/// A holding that was found, not yet put into words.
struct Found {
    vintage: u32,
    volume: i32,
    bottles: u32,
    price: Option<i64>,
    received: i64,
    grade: u32,
}

fn bit(facet: Facet) -> u16 {
    1 << facet as u16
}

const VINTAGE_FACETS: [Facet; 8] = [
    Facet::Colour,
    Facet::Country,
    Facet::Region,
    Facet::Grape,
    Facet::Tag,
    Facet::Vintage,
    Facet::Drink,
    Facet::Rating,
];

impl Catalogue {
    /// Answers a query; the refusal names the field that cannot be used.
    pub fn search(&self, query: &Query) -> Result<Answer, RuleError> {
        let cursor = Cursor::read(query)?;
        let words: Vec<Word> = fold(&query.words).split_whitespace().map(|word| self.word(word)).collect();
        let chosen = self.chosen(query);
        let mut counts: [Vec<u32>; COUNT] = std::array::from_fn(|i| vec![0; self.value_count(Facet::ALL[i])]);
        let mut found = Vec::new();
        let grades: Vec<Option<u32>> = self.wines.iter().map(|wine| grade(wine, &words)).collect();
        for (number, vintage) in self.vintages.iter().enumerate() {
            if let Some(grade) = grades[vintage.wine as usize].and_then(|sum| self.year_grade(vintage, &words, sum)) {
                self.visit(number, grade, query, &chosen, &mut counts, &mut found);
            }
        }
        let (holdings, bottles) = (found.len() as u32, found.iter().map(|f| f.bottles).sum());
        let mut page: Vec<(Place<'_>, &Found)> = found.iter().map(|f| (self.place(f, query.sort), f)).collect();
        if let Some(cursor) = &cursor {
            let last = cursor.place();
            page.retain(|(place, _)| place.order(&last, query.sort, query.descending).is_gt());
        }
        let order = |a: &(Place<'_>, &Found), b: &(Place<'_>, &Found)| a.0.order(&b.0, query.sort, query.descending);
        let more = page.len() > query.limit;
        if more && query.limit > 0 {
            page.select_nth_unstable_by(query.limit - 1, order);
        }
        page.truncate(query.limit);
        page.sort_unstable_by(order);
        let next = page.last().filter(|_| more).map(|(place, _)| Cursor::text(place, query));
        let items = page.iter().map(|(_, found)| self.holding(found, query, &chosen)).collect();
        let facets = self.facets(query, &chosen, &counts);
        Ok(Answer { items, next, holdings, bottles, facets, revision: self.revision })
    }

    fn word(&self, word: &str) -> Word {
        let year = if word.len() == 4 { word.parse().ok().filter(|year| (1700..=2200).contains(year)) } else { None };
        Word { grades: self.vocabulary.grades(word), year }
    }

    /// Adds what the words that may be years cost: the year on the label fits exactly.
    fn year_grade(&self, vintage: &VintageEntry, words: &[Word], sum: u32) -> Option<u32> {
        words.iter().filter(|word| word.year.is_some()).try_fold(sum, |sum, word| {
            if word.year == vintage.year {
                return Some(sum + u32::from(EXACT));
            }
            let grade = word.grade(&self.wines[vintage.wine as usize]);
            (grade != MISS).then_some(sum + u32::from(grade))
        })
    }

    fn chosen(&self, query: &Query) -> Chosen {
        std::array::from_fn(|i| {
            let facet = Facet::ALL[i];
            let values = query.filters.get(&facet).filter(|values| !values.is_empty())?;
            Some(values.iter().map(|value| self.find_value(facet, value).unwrap_or(NOWHERE)).collect())
        })
    }

    fn find_value(&self, facet: Facet, text: &str) -> Option<u32> {
        let at = |place: Option<usize>| place.map(|place| place as u32);
        match facet {
            Facet::Colour => at(Colour::ALL.iter().position(|colour| colour.as_str() == text)),
            Facet::Drink => at(DrinkState::ALL.iter().position(|state| state.as_str() == text)),
            _ => self.values_of(facet).find(text),
        }
    }

    fn value_count(&self, facet: Facet) -> usize {
        match facet {
            Facet::Colour => Colour::ALL.len(),
            Facet::Drink => DrinkState::ALL.len(),
            _ => self.values_of(facet).len(),
        }
    }

    fn value_text(&self, facet: Facet, number: u32) -> &str {
        match facet {
            Facet::Colour => Colour::ALL[number as usize].as_str(),
            Facet::Drink => DrinkState::ALL[number as usize].as_str(),
            _ => self.values_of(facet).text(number),
        }
    }

    /// Calls `each` with the numbers of the vintage's values of the facet.
    fn vintage_values(&self, facet: Facet, vintage: &VintageEntry, year: i32, mut each: impl FnMut(u32)) {
        let wine = &self.wines[vintage.wine as usize];
        match facet {
            Facet::Colour => each(wine.colour as u32),
            Facet::Country => each(wine.country),
            Facet::Region => each(wine.region),
            Facet::Grape => wine.grapes.iter().copied().for_each(each),
            Facet::Tag => wine.tags.iter().copied().for_each(each),
            Facet::Vintage => each(vintage.year_value),
            Facet::Drink => each(vintage.window.state(year) as u32),
            Facet::Rating => each(vintage.rating),
            Facet::Format | Facet::Place | Facet::Price => {}
        }
    }

    /// Where a bottle is: bin and rack, or one of the places that are none.
    fn places(&self, bottle: &BottleEntry) -> [u32; 2] {
        match bottle.bin {
            _ if !bottle.here => [GONE, NOWHERE],
            NOWHERE => [UNPLACED, NOWHERE],
            bin => [bin, self.racks.get(&bin).copied().unwrap_or(NOWHERE)],
        }
    }

    /// Bits of the facets whose choice the vintage does not fit.
    fn vintage_misses(&self, vintage: &VintageEntry, query: &Query, chosen: &Chosen) -> u16 {
        let mut misses = 0;
        for facet in VINTAGE_FACETS {
            if let Some(wanted) = &chosen[facet as usize] {
                let mut fits = false;
                self.vintage_values(facet, vintage, query.this_year, |value| fits |= wanted.contains(&value));
                misses |= if fits { 0 } else { bit(facet) };
            }
        }
        misses
    }

    fn bottle_misses(&self, bottle: &BottleEntry, chosen: &Chosen) -> u16 {
        let misses = |facet: Facet, values: &[u32]| match &chosen[facet as usize] {
            Some(wanted) if !values.iter().any(|value| *value != NOWHERE && wanted.contains(value)) => bit(facet),
            _ => 0,
        };
        misses(Facet::Format, &[bottle.format])
            | misses(Facet::Price, &[bottle.price_bucket])
            | misses(Facet::Place, &self.places(bottle))
    }

    /// Finds the holdings of one vintage and counts its bottles. A bottle that misses nothing counts in every facet; one
    /// that misses a single facet counts in that one: it is what choosing another value there would bring.
    fn visit(
        &self,
        number: usize,
        grade: u32,
        query: &Query,
        chosen: &Chosen,
        counts: &mut [Vec<u32>; COUNT],
        found: &mut Vec<Found>,
    ) {
        let vintage = &self.vintages[number];
        let above = self.vintage_misses(vintage, query, chosen);
        if above.count_ones() > 1 {
            return;
        }
        let first = found.len();
        let mut by_facet = [0u32; COUNT];
        for bottle in vintage.bottles.iter().map(|number| &self.bottles[*number as usize]) {
            if !in_state(bottle, query.state) {
                continue;
            }
            let misses = above | self.bottle_misses(bottle, chosen);
            if misses.count_ones() > 1 {
                continue;
            }
            if misses == 0 {
                add(found, first, number as u32, grade, bottle);
            }
            for (i, count) in by_facet.iter_mut().enumerate() {
                *count += u32::from(misses & !(1 << i) == 0);
            }
            let mut count = |facet: Facet, value: u32| {
                if value != NOWHERE && misses & !bit(facet) == 0 {
                    counts[facet as usize][value as usize] += 1;
                }
            };
            count(Facet::Format, bottle.format);
            count(Facet::Price, bottle.price_bucket);
            self.places(bottle).into_iter().for_each(|place| count(Facet::Place, place));
        }
        for facet in VINTAGE_FACETS {
            let more = by_facet[facet as usize];
            let list = &mut counts[facet as usize];
            self.vintage_values(facet, vintage, query.this_year, |value| list[value as usize] += more);
        }
    }

    fn place(&self, found: &Found, sort: Sort) -> Place<'_> {
        let vintage = &self.vintages[found.vintage as usize];
        let key = match sort {
            Sort::Relevance => Some(i64::from(found.grade)),
            Sort::Name => Some(0),
            Sort::Vintage => vintage.year.map(i64::from),
            Sort::Price => found.price,
            Sort::Rating => vintage.score.map(i64::from),
            Sort::DrinkBy => vintage.window.drink_to.map(i64::from),
            Sort::Newest => Some(-found.received),
            Sort::Count => Some(i64::from(found.bottles)),
        };
        let name = &self.wines[vintage.wine as usize].sort_name;
        Place { key, name, year: vintage.year.unwrap_or(i32::MAX), vintage: &vintage.id, volume: found.volume }
    }

    fn holding(&self, found: &Found, query: &Query, chosen: &Chosen) -> Holding {
        let vintage = &self.vintages[found.vintage as usize];
        let wine = &self.wines[vintage.wine as usize];
        let mut places: BTreeMap<Option<BinId>, u32> = BTreeMap::new();
        let (mut prices, mut currencies) = (Vec::new(), Vec::new());
        for bottle in vintage.bottles.iter().map(|number| &self.bottles[*number as usize]) {
            let counted = bottle.volume == found.volume && in_state(bottle, query.state);
            if !counted || self.bottle_misses(bottle, chosen) != 0 {
                continue;
            }
            let bin = self.values_of(Facet::Place).text(bottle.bin).strip_prefix("bin:").map(BinId::from);
            *places.entry(bin).or_default() += 1;
            if let Some(price) = bottle.price {
                prices.push(price);
                currencies.push(bottle.currency);
            }
        }
        currencies.sort_unstable();
        currencies.dedup();
        let currency = match currencies[..] {
            [one] if one != NOWHERE => Some(self.currencies.text(one).to_owned()),
            _ => None,
        };
        Holding {
            wine_id: WineId::from(&*wine.id),
            vintage_id: VintageId::from(&*vintage.id),
            producer: wine.producer.to_string(),
            name: wine.name.to_string(),
            year: vintage.year,
            colour: wine.colour,
            style: wine.style,
            country: self.values_of(Facet::Country).text(wine.country).to_owned(),
            region: self.values_of(Facet::Region).text(wine.region).to_owned(),
            appellation: wine.appellation.to_string(),
            volume_ml: found.volume,
            format: bottle_format::words(found.volume, wine.style == Style::Sparkling),
            bottles: found.bottles,
            places: places.into_iter().map(|(bin, bottles)| PlaceCount { bin, bottles }).collect(),
            price_min_minor: prices.iter().min().copied(),
            price_max_minor: prices.iter().max().copied(),
            currency,
            window: vintage.window,
            drink_state: vintage.window.state(query.this_year),
            score_tenths: vintage.score,
            tags: wine.tags.iter().map(|tag| self.values_of(Facet::Tag).text(*tag).to_owned()).collect(),
        }
    }

    fn facets(&self, query: &Query, chosen: &Chosen, counts: &[Vec<u32>; COUNT]) -> Vec<FacetCounts> {
        if query.facet_limit == 0 {
            return Vec::new();
        }
        Facet::ALL.iter().map(|facet| self.facet(*facet, query.facet_limit, &chosen[*facet as usize], counts)).collect()
    }

    fn facet(&self, facet: Facet, limit: usize, chosen: &Option<Vec<u32>>, counts: &[Vec<u32>; COUNT]) -> FacetCounts {
        let is_chosen = |number: u32| chosen.as_ref().is_some_and(|chosen| chosen.contains(&number));
        let mut list: Vec<(u32, u32)> = counts[facet as usize]
            .iter()
            .enumerate()
            .map(|(number, count)| (number as u32, *count))
            .filter(|(number, count)| *count > 0 || is_chosen(*number))
            .collect();
        let text = |number: u32| self.value_text(facet, number);
        match facet {
            Facet::Vintage => list.sort_unstable_by(|a, b| {
                let nv = |number: u32| text(number) == "nv";
                nv(a.0).cmp(&nv(b.0)).then_with(|| text(b.0).cmp(text(a.0)))
            }),
            _ => list.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| text(a.0).cmp(text(b.0)))),
        }
        let all = list.len();
        // What is chosen is always listed: a person must be able to take it back.
        let mut room = limit;
        list.retain(|(number, _)| {
            let kept = is_chosen(*number) || room > 0;
            room = room.saturating_sub(1);
            kept
        });
        let more = (all - list.len()) as u32;
        let value = |(number, bottles): (u32, u32)| FacetValue {
            value: text(number).to_owned(),
            label: self.label(facet, text(number)),
            bottles,
            chosen: is_chosen(number),
        };
        FacetCounts { facet, values: list.into_iter().map(value).collect(), more }
    }

    /// What a person reads of a value.
    fn label(&self, facet: Facet, value: &str) -> String {
        let label = match facet {
            Facet::Format => value.parse().map_or_else(|_| value.to_owned(), |ml| bottle_format::words(ml, false)),
            Facet::Place => match value.split_once(':') {
                Some(("rack", id)) => self.rack_names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
                Some((_, bin)) => bin.to_owned(),
                None => value.to_owned(),
            },
            Facet::Vintage if value == "nv" => "NV".to_owned(),
            _ => value.to_owned(),
        };
        if label.is_empty() { "unknown".to_owned() } else { label }
    }
}

/// How well the words fit the wine, without those that may be years; none when one does not.
fn grade(wine: &WineEntry, words: &[Word]) -> Option<u32> {
    words.iter().filter(|word| word.year.is_none()).try_fold(0, |sum, word| {
        let grade = word.grade(wine);
        (grade != MISS).then_some(sum + u32::from(grade))
    })
}

fn in_state(bottle: &BottleEntry, state: State) -> bool {
    match state {
        State::InCellar => bottle.here,
        State::Gone => !bottle.here,
        State::All => true,
    }
}

fn add(found: &mut Vec<Found>, first: usize, vintage: u32, grade: u32, bottle: &BottleEntry) {
    let price = |a: Option<i64>, b: Option<i64>| [a, b].into_iter().flatten().min();
    match found[first..].iter_mut().find(|f| f.volume == bottle.volume) {
        Some(holding) => {
            holding.bottles += 1;
            holding.price = price(holding.price, bottle.price);
            holding.received = holding.received.max(bottle.received);
        }
        None => found.push(Found {
            vintage,
            volume: bottle.volume,
            bottles: 1,
            price: bottle.price,
            received: bottle.received,
            grade,
        }),
    }
}
