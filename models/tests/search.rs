//! What a user may rely on when searching, whatever lies in the cellar.

use std::collections::BTreeSet;

use chrono::DateTime;
use models::{
    catalogue::{BottleLine, Catalogue, Facet, Query, Sort, State},
    ids::{VintageId, WineId},
    search::fold,
    window::Window,
    wine::{Colour, Grape, Vintage, Wine, WineFacts},
};
use proptest::prelude::*;

const PRODUCERS: &[&str] =
    &["Château Margaux", "Domaine Tempier", "Weingut Prüm", "Quinta do Noval", "López de Heredia"];
const NAMES: &[&str] = &["Bandol Rouge", "Wehlener Sonnenuhr Spätlese", "Viña Tondonia", "Grand Vin", "Nacional"];
const PLACES: &[Option<&str>] = &[None, Some("01_01"), Some("01_02"), Some("02_01")];

#[derive(Debug, Clone)]
struct Lot {
    wine: usize,
    year: Option<i32>,
    volume: i32,
    place: usize,
    price: Option<i64>,
    here: bool,
    score: Option<i32>,
}

fn lot() -> impl Strategy<Value = Lot> {
    let year = prop_oneof![1 => Just(None), 5 => (2005..2024).prop_map(Some)];
    let volume = prop_oneof![Just(375), Just(750), Just(1500)];
    let price = prop_oneof![1 => Just(None), 3 => (100..40_000i64).prop_map(Some)];
    let score = prop_oneof![Just(None), (700..1000).prop_map(Some)];
    (0..25usize, year, volume, 0..PLACES.len(), price, prop::bool::weighted(0.85), score).prop_map(
        |(wine, year, volume, place, price, here, score)| Lot { wine, year, volume, place, price, here, score },
    )
}

fn wine(n: usize) -> Wine {
    let colour = Colour::ALL[n % 4];
    let facts = WineFacts {
        country: ["France", "Germany", "Portugal", "Spain", ""][n % 5].to_owned(),
        region: ["Bordeaux", "Provence", "Mosel"][n % 3].to_owned(),
        grapes: vec![Grape { name: ["Merlot", "Riesling"][n % 2].to_owned(), percent: None }],
        tags: if n % 3 == 0 { vec!["Christmas".to_owned()] } else { Vec::new() },
        ..WineFacts::named(PRODUCERS[n % 5], NAMES[n / 5], colour)
    };
    Wine {
        id: WineId(format!("w{n}")),
        facts,
        archived: false,
        revision: 1,
        created_at: DateTime::UNIX_EPOCH.naive_utc(),
    }
}

fn put(copy: &mut Catalogue, n: usize, lot: &Lot) {
    copy.put_wine(&wine(lot.wine));
    let id = format!("w{}-{:?}", lot.wine, lot.year);
    copy.put_vintage(&Vintage {
        id: VintageId(id.clone()),
        wine_id: WineId(format!("w{}", lot.wine)),
        year: lot.year,
        window: Window::years(lot.year.map(|year| year + 3), lot.year.map(|year| year + 12)),
        window_source: None,
        score_tenths: lot.score,
        valuation_minor: None,
        valuation_currency: None,
        revision: 1,
    });
    copy.put_bottle(&BottleLine {
        id: format!("b{n}"),
        vintage_id: id,
        bin: PLACES[lot.place].filter(|_| lot.here).map(str::to_owned),
        here: lot.here,
        volume_ml: lot.volume,
        price_minor: lot.price,
        currency: lot.price.map(|_| "EUR".to_owned()),
        received: n as i64,
    });
}

fn cellar(lots: &[Lot]) -> Catalogue {
    let mut copy = Catalogue::default();
    copy.put_rack("r1", "Main rack");
    for bin in PLACES.iter().flatten() {
        copy.put_bin(bin, "r1");
    }
    lots.iter().enumerate().for_each(|(n, lot)| put(&mut copy, n, lot));
    copy
}

fn key(holding: &models::catalogue::Holding) -> (String, i32) {
    (holding.vintage_id.0.clone(), holding.volume_ml)
}

fn query(words: &str) -> Query {
    Query { words: words.to_owned(), facet_limit: 1000, limit: 1000, ..Query::all(2026) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_bottle_is_counted_once_in_the_facets(lots in prop::collection::vec(lot(), 0..80)) {
        let here = lots.iter().filter(|lot| lot.here).count() as u32;
        let answer = cellar(&lots).search(&query("")).unwrap();
        prop_assert_eq!(answer.bottles, here);
        prop_assert_eq!(answer.items.iter().map(|h| h.bottles).sum::<u32>(), here);
        for counts in &answer.facets {
            let sum = |wanted: &dyn Fn(&str) -> bool| counts.values.iter().filter(|v| wanted(&v.value)).map(|v| v.bottles).sum::<u32>();
            match counts.facet {
                // A wine may have several tags, or none.
                Facet::Tag => {}
                Facet::Place => {
                    prop_assert_eq!(sum(&|value| !value.starts_with("bin:")), here);
                    prop_assert_eq!(sum(&|value| !value.starts_with("rack:")), here);
                }
                _ => prop_assert_eq!(sum(&|_| true), here, "{:?}", counts.facet),
            }
        }
    }

    #[test]
    fn a_facet_tells_what_choosing_it_would_bring(lots in prop::collection::vec(lot(), 1..60), pick in any::<usize>()) {
        let copy = cellar(&lots);
        let mut asked = Query { state: State::All, ..query("") };
        asked.filters.insert(Facet::Colour, vec!["red".into(), "white".into()]);
        let all: Vec<_> = copy.search(&asked).unwrap().facets.into_iter()
            .flat_map(|counts| counts.values.into_iter().map(move |value| (counts.facet, value))).collect();
        let (facet, value) = all[pick % all.len()].clone();
        asked.filters.insert(facet, vec![value.value.clone()]);
        prop_assert_eq!(copy.search(&asked).unwrap().bottles, value.bottles, "{:?} {}", facet, value.value);
    }

    #[test]
    fn paging_gives_each_holding_once(
        lots in prop::collection::vec(lot(), 0..60),
        sort in prop::sample::select(Sort::ALL),
        descending in any::<bool>(),
        limit in 1..7usize,
        late in prop::collection::vec(lot(), 0..3),
    ) {
        let mut copy = cellar(&lots);
        let whole = Query { sort, descending, ..query("") };
        let expected: Vec<_> = copy.search(&whole).unwrap().items.iter().map(key).collect();
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let answer = copy.search(&Query { limit, cursor: cursor.clone(), ..whole.clone() }).unwrap();
            seen.extend(answer.items.iter().map(key));
            cursor = answer.next;
            pages += 1;
            if cursor.is_none() { break; }
            // What comes in meanwhile is new: a wine, a vintage, a bottle with a place of its own in the order.
            if pages == 1 && late.iter().all(|l| lots.iter().all(|lot| (lot.wine, lot.year) != (l.wine, l.year))) {
                late.iter().enumerate().for_each(|(n, lot)| put(&mut copy, 1000 + n, lot));
            }
        }
        let once: BTreeSet<_> = seen.iter().cloned().collect();
        prop_assert_eq!(once.len(), seen.len(), "none comes twice");
        let old: Vec<_> = seen.into_iter().filter(|key| expected.contains(key)).collect();
        prop_assert_eq!(old, expected, "none is left out, and the order holds");
    }

    #[test]
    fn a_slip_in_a_word_still_finds_the_wine(
        n in 0..25usize, word in any::<usize>(), at in any::<usize>(), slip in 0..4, letter in b'a'..=b'z',
    ) {
        let lot = Lot { wine: n, year: Some(2015), volume: 750, place: 1, price: None, here: true, score: None };
        let mut lots = vec![lot.clone()];
        lots.extend((0..25).map(|wine| Lot { wine, ..lot.clone() }));
        let copy = cellar(&lots);
        let facts = wine(n).facts;
        let words: Vec<String> = fold(&format!("{} {}", facts.producer, facts.name)).split(' ')
            .filter(|word| word.len() >= 4).map(str::to_owned).collect();
        let mut letters: Vec<char> = words[word % words.len()].chars().collect();
        let at = at % letters.len();
        match slip {
            0 => { letters.remove(at); }
            1 => letters.insert(at, char::from(letter)),
            2 => letters[at] = char::from(letter),
            _ => { let other = (at + 1) % letters.len(); if other > at { letters.swap(at, other); } }
        }
        let typed: String = letters.into_iter().collect();
        let found = copy.search(&query(&typed)).unwrap();
        prop_assert!(found.items.iter().any(|h| h.wine_id.0 == format!("w{n}")), "{typed}");
    }

    #[test]
    fn no_text_breaks_the_search(words in "\\PC{0,60}", cursor in "\\PC{0,40}") {
        let copy = cellar(&[]);
        prop_assert!(copy.search(&query(&words)).is_ok());
        let strange = copy.search(&Query { cursor: Some(cursor), ..query("") });
        prop_assert!(strange.is_err());
    }
}

#[test]
fn accents_case_order_beginnings_and_years_do_not_hinder() {
    let lot = Lot { wine: 0, year: Some(2015), volume: 750, place: 1, price: None, here: true, score: None };
    let copy =
        cellar(&[lot.clone(), Lot { wine: 1, year: Some(2016), ..lot.clone() }, Lot { year: Some(2016), ..lot }]);
    let found = |words: &str| copy.search(&query(words)).unwrap().items.len();
    for (words, count) in [
        ("chateau margaux", 2),
        ("MARGAUX Château", 2),
        ("marg", 2),
        ("margaux 2015", 1),
        ("2015 margaus", 1),
        ("margaux 2014", 0),
        ("bandol tempier 2016", 1),
        ("tempier margaux", 0),
    ] {
        assert_eq!(found(words), count, "{words}");
    }
}

#[test]
fn what_fits_exactly_comes_first() {
    let mut copy = Catalogue::default();
    for (n, producer) in ["Palmir", "Palmerston", "Palmer"].into_iter().enumerate() {
        let id = WineId(format!("w{n}"));
        copy.put_wine(&Wine { id: id.clone(), facts: WineFacts::named(producer, "Rouge", Colour::Red), ..wine(0) });
        let vintage = VintageId(format!("v{n}"));
        copy.put_vintage(&Vintage {
            id: vintage.clone(),
            wine_id: id,
            year: None,
            window: Window::default(),
            window_source: None,
            score_tenths: None,
            valuation_minor: None,
            valuation_currency: None,
            revision: 1,
        });
        copy.put_bottle(&BottleLine {
            id: format!("b{n}"),
            vintage_id: vintage.0,
            bin: None,
            here: true,
            volume_ml: 750,
            price_minor: None,
            currency: None,
            received: 0,
        });
    }
    let found = copy.search(&query("palmer")).unwrap().items;
    assert_eq!(found.iter().map(|h| h.producer.as_str()).collect::<Vec<_>>(), ["Palmer", "Palmerston", "Palmir"]);
}
