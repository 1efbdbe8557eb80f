//! The rules of the cellar in numbers.

use models::{
    movement::IssueReason,
    numbers::{Entry, Groups, Ledger, MonthNumber, StockLine, Why, walking_key},
    window::Window,
    wine::Colour,
};

fn month(text: &str) -> MonthNumber {
    MonthNumber::parse(text).unwrap_or_else(|| panic!("{text} is a month"))
}

fn entry(at: &str, why: Why, bottles: i64, paid: Option<(&str, i64)>) -> Entry {
    let currency = paid.map(|(currency, _)| currency.to_owned());
    Entry { month: month(at), why, bottles, currency, minor: paid.map_or(0, |(_, minor)| minor) }
}

#[test]
fn months_are_read_and_written_alike() {
    assert_eq!(month("2026-11").to_string(), "2026-11");
    assert_eq!(month("0999-01").to_string(), "0999-01");
    assert_eq!(MonthNumber::parse("2026-13"), None);
    assert_eq!(MonthNumber::parse("now"), None);
}

#[test]
fn bottles_are_counted_to_the_end_of_each_month_without_gaps() {
    let mut ledger = Ledger::default();
    ledger.add(&entry("2025-11", Why::Received, 12, None));
    ledger.add(&entry("2026-01", Why::Left(IssueReason::Drunk), 2, None));
    ledger.add(&entry("2026-01", Why::Left(IssueReason::Gift), 1, None));
    ledger.add(&entry("2026-01", Why::Left(IssueReason::Corked), 1, None));
    ledger.add(&entry("2026-02", Why::Missing, 1, None));
    let months = ledger.months(month("2026-03"));
    let here: Vec<_> = months.iter().map(|m| (m.month.as_str(), m.here)).collect();
    assert_eq!(here, [("2025-11", 12), ("2025-12", 12), ("2026-01", 8), ("2026-02", 7), ("2026-03", 7)]);
    assert_eq!((months[2].drunk, months[2].given, months[2].otherwise), (2, 1, 1));
    assert_eq!(months[3].set_right, -1);
    assert!(Ledger::default().months(month("2026-03")).is_empty());
}

#[test]
fn what_was_undone_has_never_been() {
    let mut ledger = Ledger::default();
    ledger.add(&entry("2026-01", Why::Received, 2, Some(("EUR", 4000))));
    ledger.add(&entry("2026-01", Why::Left(IssueReason::Drunk), 1, Some(("EUR", 2000))));
    ledger.add(&entry("2026-01", Why::Left(IssueReason::Drunk), -1, Some(("EUR", -2000))));
    let months = ledger.months(month("2026-01"));
    assert_eq!((months[0].here, months[0].drunk), (2, 0));
    assert_eq!(ledger.costs(month("2026-01"))[0].minor, [4000]);
}

#[test]
fn currencies_are_never_added_up_and_the_commonest_comes_first() {
    let mut ledger = Ledger::default();
    ledger.add(&entry("2026-01", Why::Received, 1, Some(("CHF", 900_000))));
    ledger.add(&entry("2026-02", Why::Received, 3, Some(("EUR", 6000))));
    ledger.add(&entry("2026-03", Why::Received, 5, None));
    let costs = ledger.costs(month("2026-03"));
    assert_eq!(costs.len(), 2);
    assert_eq!(
        (costs[0].currency.as_str(), costs[0].bottles, costs[0].minor.as_slice()),
        ("EUR", 3, &[0, 6000, 6000][..])
    );
    assert_eq!((costs[1].currency.as_str(), costs[1].minor.as_slice()), ("CHF", &[900_000, 900_000, 900_000][..]));
}

#[test]
fn the_stock_is_grouped_by_what_one_asks_for() {
    let line = |colour, origin: &str, year, window, bottles| StockLine {
        colour,
        origin: origin.to_owned(),
        year,
        window,
        bottles,
        worth: (bottles > 1).then(|| (1_000 * bottles, if origin == "Mosel" { "EUR" } else { "CHF" }.to_owned())),
    };
    let stock = [
        line(Colour::Red, "Rioja", Some(2012), Window::years(Some(2020), Some(2025)), 2),
        line(Colour::White, "Mosel", None, Window::default(), 5),
        line(Colour::Red, "Mosel", Some(2019), Window::years(Some(2024), Some(2030)), 1),
    ];
    let sums: Vec<_> =
        models::numbers::worth(&stock).into_iter().map(|sum| (sum.currency, sum.bottles, sum.minor)).collect();
    assert_eq!(sums, [("EUR".to_owned(), 5, 25_000), ("CHF".to_owned(), 2, 4_000)], "what nobody valued is left out");
    let groups = Groups::of(&stock, 2026);
    let words = |shares: &[models::numbers::Share]| {
        shares.iter().map(|share| (share.word.clone(), share.bottles)).collect::<Vec<_>>()
    };
    let pairs = |list: &[(&str, i64)]| list.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(words(&groups.colour), pairs(&[("white", 5), ("red", 3)]));
    assert_eq!(words(&groups.region), pairs(&[("Mosel", 6), ("Rioja", 2)]));
    assert_eq!(words(&groups.vintage), pairs(&[("2019", 1), ("2012", 2), ("NV", 5)]));
    assert_eq!(words(&groups.state), pairs(&[("young", 0), ("ready", 1), ("peak", 0), ("past", 2), ("unknown", 5)]));
}

#[test]
fn bins_are_walked_by_their_numbers() {
    let mut bins = ["2_10", "10_1", "A3", "2_9", "B1", "A12"];
    bins.sort_by_key(|bin| walking_key(bin));
    assert_eq!(bins, ["A3", "A12", "B1", "2_9", "2_10", "10_1"]);
}
