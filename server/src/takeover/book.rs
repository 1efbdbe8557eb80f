//! From records to a book: which wines there are, how many lie where, and since when; what has left.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use models::import::{
    Mapping,
    former::{FormerBook, FormerIssue, FormerStock, FormerWine},
    mapping::Field,
};

use super::{
    names::Role,
    source::{MOST_BOTTLES, Raw, Record},
    words,
};

/// Days and how many bottles that came then have not been accounted for yet.
type Receipt = VecDeque<(Option<String>, u32)>;
/// The same by wine.
type Receipts = BTreeMap<String, Receipt>;

/// Understands what was read.
pub(super) fn book(raw: &Raw, this_year: i32) -> FormerBook {
    let mut book = FormerBook { notices: raw.told.clone(), wines: wines(raw, this_year), ..FormerBook::default() };
    let twice = twice(raw);
    if !twice.is_empty() {
        book.notices.push(some_of(
            twice.len(),
            "materials are left out, for an earlier one has their reference",
            &twice,
        ));
    }
    let mut receipts = receipts(&raw.movements);
    let mut issues: Vec<(&Record, Option<String>, u32)> = of(&raw.movements, "GI");
    issues.sort_by(|a, b| a.1.cmp(&b.1));
    for (record, on, count) in issues {
        let reference = record.get(Role::Reference);
        // Those that came first have left first, for nobody has written down which it was; but none before it came.
        let next = |queue: &mut Receipt| {
            let came = queue.front().is_some_and(|(day, _)| on.is_none() || *day <= on);
            if came { queue.pop_front() } else { None }
        };
        for (since, count) in taken(&mut receipts, reference, count, next, VecDeque::push_front) {
            let user = record.get(Role::User);
            let note = if user.is_empty() { String::new() } else { format!("by {user}") };
            book.issues.push(FormerIssue { reference: reference.to_owned(), count, since, on: on.clone(), note });
        }
    }
    let mut left_out = Vec::new();
    for record in raw.stock.iter().filter(|record| !record.get(Role::Reference).is_empty()) {
        let count = match record.count().map(u32::try_from) {
            Some(Ok(0)) => continue,
            Some(Ok(count)) => count,
            Some(Err(_)) | None => {
                left_out.push(record);
                continue;
            }
        };
        let reference = record.get(Role::Reference);
        for (since, count) in taken(&mut receipts, reference, count, VecDeque::pop_back, VecDeque::push_back) {
            let bin = record.get(Role::Bin).to_owned();
            book.stock.push(FormerStock { reference: reference.to_owned(), bin, count, since });
        }
    }
    if !left_out.is_empty() {
        let told = |record: &&Record| {
            format!("{} in {}: `{}`", record.get(Role::Reference), record.get(Role::Bin), record.get(Role::Count))
        };
        let why = format!("rows of the stock are left out, for their count is no number from 0 to {MOST_BOTTLES}");
        book.notices.push(some_of(left_out.len(), &why, &left_out.iter().map(told).collect::<Vec<_>>()));
    }
    let corrections = of(&raw.movements, "INV").len();
    if corrections > 0 {
        book.notices.push(format!(
            "{corrections} inventory corrections are left out: the stock already is what they made of it"
        ));
    }
    book
}

/// `7 rows are left out: these, …`.
fn some_of(count: usize, why: &str, all: &[String]) -> String {
    let some: Vec<&str> = all.iter().take(5).map(String::as_str).collect();
    let more = if all.len() > 5 { ", …" } else { "" };
    format!("{count} {why}: {}{more}", some.join(", "))
}

/// Materials whose reference an earlier one has, and which say something else.
fn twice(raw: &Raw) -> Vec<String> {
    let mut first: BTreeMap<&str, &Record> = BTreeMap::new();
    let mut twice = Vec::new();
    for record in raw.materials.iter().filter(|record| !record.get(Role::Reference).is_empty()) {
        let reference = record.get(Role::Reference);
        let description = record.get(Role::Description);
        if first.entry(reference).or_insert(record).get(Role::Description) != description {
            twice.push(format!("{reference}: `{description}`"));
        }
    }
    twice
}

/// Whether stock and materials belong together: a reference of the stock that no material has makes a line without a wine, and
/// where that is so of all of them, a column was taken for another. The error names the cure.
pub(super) fn belong_together(raw: &Raw) -> anyhow::Result<()> {
    let references = |records: &'_ [Record]| -> BTreeSet<String> {
        let all = records.iter().map(|record| record.get(Role::Reference).to_owned());
        all.filter(|reference| !reference.is_empty()).collect()
    };
    let (named, known) = (references(&raw.stock), references(&raw.materials));
    let (Some(said), Some(has)) = (named.first(), known.first()) else { return Ok(()) };
    anyhow::ensure!(
        !named.is_disjoint(&known),
        "no row of the stock names a wine that the materials know: the stock says such as `{said}`, the materials `{has}`; say by which \
         columns they belong together: --name stock.ref=COLUMN, --name materials.ref=COLUMN"
    );
    Ok(())
}

fn wines(raw: &Raw, this_year: i32) -> Vec<FormerWine> {
    let mut known: BTreeMap<&str, FormerWine> = BTreeMap::new();
    for record in raw.materials.iter().filter(|record| !record.get(Role::Reference).is_empty()) {
        let reference = record.get(Role::Reference);
        let wine = FormerWine { reference: reference.to_owned(), fields: fields(record, this_year) };
        known.entry(reference).or_insert(wine);
    }
    if raw.materials.is_empty() {
        for record in raw.stock.iter().chain(&raw.movements) {
            let reference = record.get(Role::Reference);
            let fields = || BTreeMap::from([(Field::Name, reference.to_owned())]);
            known.entry(reference).or_insert_with(|| FormerWine { reference: reference.to_owned(), fields: fields() });
        }
    }
    known.into_values().collect()
}

fn fields(record: &Record, this_year: i32) -> BTreeMap<Field, String> {
    let header: Vec<String> = record.others.keys().cloned().collect();
    let guessed = Mapping::guess(&header);
    let mut fields: BTreeMap<Field, String> = Field::ALL
        .iter()
        .filter_map(|field| Some((*field, record.others.get(guessed.column(*field)?)?.clone())))
        .collect();
    let description =
        [record.get(Role::Description), record.get(Role::Reference)].into_iter().find(|text| !text.is_empty());
    fields.insert(Field::Name, description.unwrap_or_default().to_owned());
    words::complete(&mut fields, this_year);
    fields
}

/// Movements of that reason with their day, and how many bottles each is about.
fn of<'a>(movements: &'a [Record], reason: &str) -> Vec<(&'a Record, Option<String>, u32)> {
    let wanted = movements.iter().filter(|record| record.get(Role::Reason).eq_ignore_ascii_case(reason));
    let told = wanted.filter_map(|record| {
        let count = u32::try_from(record.count()?.unsigned_abs()).ok().filter(|count| *count > 0)?;
        Some((record, day(record.get(Role::Time)), count))
    });
    told.collect()
}

/// `YYYY-MM-DD` of a time.
fn day(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    day.parse::<chrono::NaiveDate>().ok().map(|_| day.to_owned())
}

fn receipts(movements: &[Record]) -> Receipts {
    let mut sorted = of(movements, "GR");
    sorted.sort_by(|a, b| a.1.cmp(&b.1));
    let mut receipts = Receipts::new();
    for (record, on, count) in sorted {
        receipts.entry(record.get(Role::Reference).to_owned()).or_default().push_back((on, count));
    }
    receipts
}

/// Takes so many bottles of a wine from its receipts; what no receipt tells of has come at a time nobody knows.
fn taken(
    receipts: &mut Receipts,
    reference: &str,
    mut count: u32,
    mut next: impl FnMut(&mut Receipt) -> Option<(Option<String>, u32)>,
    back: fn(&mut Receipt, (Option<String>, u32)),
) -> Vec<(Option<String>, u32)> {
    let mut parts: Vec<(Option<String>, u32)> = Vec::new();
    if let Some(queue) = receipts.get_mut(reference) {
        while count > 0
            && let Some((day, left)) = next(queue)
        {
            let part = left.min(count);
            count -= part;
            if left > part {
                back(queue, (day.clone(), left - part));
            }
            parts.push((day, part));
        }
    }
    if count > 0 {
        parts.push((None, count));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(roles: &[(Role, &str)], others: &[(&str, &str)]) -> Record {
        Record {
            roles: roles.iter().map(|(role, text)| (*role, (*text).to_owned())).collect(),
            others: others.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        }
    }

    fn moved(reason: &str, count: &str, time: &str) -> Record {
        record(
            &[
                (Role::Reference, "W"),
                (Role::Count, count),
                (Role::Reason, reason),
                (Role::Time, time),
                (Role::User, "anna"),
            ],
            &[],
        )
    }

    #[test]
    fn the_first_that_came_have_left_and_the_last_are_here() {
        let raw = Raw {
            materials: vec![record(
                &[(Role::Reference, "W"), (Role::Description, "Barolo 2016")],
                &[("winery", "Conterno")],
            )],
            stock: vec![
                record(&[(Role::Reference, "W"), (Role::Bin, "03_03"), (Role::Count, "3")], &[]),
                record(&[(Role::Reference, "W"), (Role::Bin, "03_04"), (Role::Count, "-1")], &[]),
                record(&[(Role::Reference, "W"), (Role::Bin, "03_05"), (Role::Count, "3 bottles")], &[]),
            ],
            movements: vec![
                moved("GR", "2", "2025-05-01 10:00:00.000000"),
                moved("gr", "3", "2024-05-01T08:00:00"),
                moved("GI", "1", "2022-12-24 20:00:00"),
                moved("GI", "-1", "2025-12-24 20:00:00"),
                moved("INV", "1", "2025-12-31 20:00:00"),
            ],
            told: Vec::new(),
        };
        let book = book(&raw, 2026);
        assert_eq!(book.issues.len(), 2);
        assert_eq!(
            (book.issues[0].since.as_deref(), book.issues[0].on.as_deref()),
            (None, Some("2022-12-24")),
            "it was there before"
        );
        assert_eq!(
            (book.issues[1].since.as_deref(), book.issues[1].on.as_deref()),
            (Some("2024-05-01"), Some("2025-12-24"))
        );
        assert_eq!(book.issues[1].note, "by anna");
        let here: Vec<(Option<&str>, u32)> =
            book.stock.iter().map(|stock| (stock.since.as_deref(), stock.count)).collect();
        assert_eq!(here, [(Some("2025-05-01"), 2), (Some("2024-05-01"), 1)]);
        assert_eq!(book.notices.len(), 2, "{:?}", book.notices);
        assert!(book.notices[0].contains("W in 03_05: `3 bottles`"), "{:?}", book.notices);
        let fields = &book.wines[0].fields;
        assert_eq!(
            (fields[&Field::Producer].as_str(), fields[&Field::Name].as_str(), fields[&Field::Year].as_str()),
            ("Conterno", "Barolo", "2016")
        );
    }
}
