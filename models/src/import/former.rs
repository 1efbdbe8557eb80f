//! The book of the system that this program takes over from (docs/TAKEOVER.md): wines by reference, how many lie in which bin, and
//! what was taken out. Whoever reads it, from its database or its API, says it in these words; here it becomes lines of an import.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Mapping, Options,
    line::{Format, Gone, ImportLine, Importable, Item, State},
    mapping::Field,
    plain,
    recognise::refuse_what_no_table_holds,
    table::{Row, Table},
};
use crate::movement::IssueReason;

/// A wine.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerWine {
    /// Its reference, unique and never changed.
    pub reference: String,
    /// What is known of it, in the words of a plain table.
    pub fields: BTreeMap<Field, String>,
}

/// Bottles that are in the cellar.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerStock {
    /// The wine's reference.
    pub reference: String,
    /// The bin's name; empty where they lie in none.
    pub bin: String,
    /// How many.
    pub count: u32,
    /// Day of their receipt, `YYYY-MM-DD`, as far as it is known.
    pub since: Option<String>,
}

/// Bottles that were taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerIssue {
    /// The wine's reference.
    pub reference: String,
    /// How many.
    pub count: u32,
    /// Day of their receipt, `YYYY-MM-DD`, as far as it is known.
    pub since: Option<String>,
    /// Day on which they left.
    pub on: Option<String>,
    /// A remark, such as who took them.
    pub note: String,
}

/// The book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FormerBook {
    /// The wines.
    pub wines: Vec<FormerWine>,
    /// What is there.
    pub stock: Vec<FormerStock>,
    /// What has left.
    pub issues: Vec<FormerIssue>,
    /// What is to be said of the whole.
    pub notices: Vec<String>,
}

impl FormerBook {
    /// The lines of an import: of each wine those that are there, then those that have left. A wine without bottles has a line too.
    #[must_use]
    pub fn lines(&self, options: &Options) -> Importable {
        let mut notices = self.notices.clone();
        let wines = self.items(options, &mut notices);
        let mut lines: Vec<ImportLine> = Vec::new();
        let mut add = |reference: &str, fill: &dyn Fn(&mut Item)| {
            let line = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
            let known = wines.get(&key(reference));
            let mut what = known.cloned().unwrap_or_else(|| {
                ImportLine::skipped(
                    line,
                    format!("no wine has the reference `{reference}`: it is in no table of wines"),
                )
            });
            what.line = line;
            if let Ok(item) = &mut what.what {
                fill(item);
            }
            lines.push(what);
        };
        for stock in self.stock.iter().filter(|stock| stock.count > 0) {
            add(&stock.reference, &|item| {
                (item.count, item.state) = (stock.count, State::Here);
                item.bin.clone_from(&stock.bin);
                since(item, &stock.since);
            });
        }
        for issue in self.issues.iter().filter(|issue| issue.count > 0) {
            add(&issue.reference, &|item| {
                let (on, note) = (issue.on.clone(), issue.note.clone());
                // It knows one reason only: goods issue.
                let gone = Gone { reason: IssueReason::Drunk, on, note, revenue: None };
                (item.count, item.state) = (issue.count, State::Gone(gone));
                since(item, &issue.since);
            });
        }
        let stock = self.stock.iter().filter(|stock| stock.count > 0).map(|stock| key(&stock.reference));
        let issues = self.issues.iter().filter(|issue| issue.count > 0).map(|issue| key(&issue.reference));
        let told: BTreeSet<String> = stock.chain(issues).collect();
        for wine in self.wines.iter().filter(|wine| !told.contains(&key(&wine.reference))) {
            add(&wine.reference, &|_| {});
        }
        let mut importable = Importable {
            format: Format::Former,
            encoding: "utf-8",
            delimiter: ',',
            header: Vec::new(),
            mapping: None,
            lines,
            notices,
        };
        refuse_what_no_table_holds(&mut importable);
        importable
    }

    /// Each wine as a line of a plain table says it, by reference.
    fn items(&self, options: &Options, notices: &mut Vec<String>) -> BTreeMap<String, ImportLine> {
        let header: Vec<String> = Field::ALL.iter().map(|field| field.as_str().to_owned()).collect();
        let mapping = Mapping(header.iter().map(|name| (name.clone(), name.clone())).collect());
        // How many there are and where they lie is said of the stock, not of the wine.
        let elsewhere = |field: &Field| matches!(field, Field::Count | Field::Bin | Field::Location);
        let row = |(i, wine): (usize, &FormerWine)| {
            let cell = |field: &Field| match field {
                Field::Id => wine.reference.clone(),
                // A line of no bottles is a line of a wine that is known.
                Field::Count => "0".to_owned(),
                field if elsewhere(field) => String::new(),
                field => wine.fields.get(field).map(|text| text.trim().to_owned()).unwrap_or_default(),
            };
            Row { line: u32::try_from(i + 1).unwrap_or(u32::MAX), cells: Field::ALL.iter().map(cell).collect() }
        };
        let table = Table::of(header, ',', self.wines.iter().enumerate().map(row).collect());
        let reader = plain::Reader::new(&table, &mapping, options, notices);
        let lines = table.named().map(|row| reader.line(row));
        self.wines.iter().map(|wine| key(&wine.reference)).zip(lines).collect()
    }
}

/// By what a reference is found: that database does not tell capitals from small letters.
fn key(reference: &str) -> String {
    reference.trim().to_lowercase()
}

fn since(item: &mut Item, day: &Option<String>) {
    if day.is_some() {
        item.bottle.purchased_on.clone_from(day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_issues_and_bare_wines_become_lines() {
        let wine = |reference: &str, name: &str, year: &str| FormerWine {
            reference: reference.into(),
            fields: [(Field::Name, name.to_owned()), (Field::Year, year.to_owned())].into(),
        };
        let stock = |reference: &str, bin: &str, count| FormerStock {
            reference: reference.into(),
            bin: bin.into(),
            count,
            since: Some("2024-03-01".into()),
        };
        let issue = FormerIssue {
            reference: "W1".into(),
            count: 2,
            since: None,
            on: Some("2025-12-24".into()),
            note: "by anna".into(),
        };
        let book = FormerBook {
            wines: vec![wine("W1", "Chablis Les Clos", "2019"), wine("W2", "Barolo", "")],
            stock: vec![stock("W1", "03_03", 3), stock("X", "03_04", 1), stock("W1", "03_05", 0)],
            issues: vec![issue],
            notices: vec!["told".into()],
        };
        let lines = book.lines(&Options::default());
        assert_eq!((lines.format.scheme(), lines.notices.as_slice()), ("former", ["told".to_owned()].as_slice()));
        let item = |i: usize| lines.lines[i].what.as_ref().expect("an item");
        assert_eq!((item(0).key.as_str(), item(0).year, item(0).count), ("id:W1", Some(2019), 3));
        assert_eq!((item(0).bin.as_str(), item(0).bottle.purchased_on.as_deref()), ("03_03", Some("2024-03-01")));
        assert!(lines.lines[1].what.as_ref().is_err_and(|why| why.contains("`X`")));
        assert!(
            matches!(&item(2).state, State::Gone(gone) if gone.on.as_deref() == Some("2025-12-24") && gone.note == "by anna")
        );
        assert_eq!((item(3).key.as_str(), &item(3).state), ("id:W2", &State::Catalogue));
        assert_eq!(lines.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }
}
