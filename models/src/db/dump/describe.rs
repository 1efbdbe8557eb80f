//! The description of the tables, taken from `schema.rs`: columns and their kinds need not be written twice.

use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, SingleValue, SqlType, Text, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{db::schema, error::RuleError};

/// A table. A backup carries its own description, so that one of an older version can still be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns of the primary key.
    pub key: Vec<String>,
    /// All columns, in the order of a row's values.
    pub columns: Vec<Column>,
    /// The column that refers to another row of the same table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub itself: Option<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds, beside nothing.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Float,
    /// Yes or no.
    Bool,
    /// An instant (UTC, microseconds).
    Time,
}

impl Table {
    /// Where the columns of the key stand in a row.
    pub(super) fn key_places(&self) -> Vec<usize> {
        self.key.iter().filter_map(|key| self.place(key)).collect()
    }

    /// Where a column stands in a row.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// Refuses a description that is not sound. One from a file becomes part of SQL: its names are plain words.
    pub fn check(&self) -> Result<(), RuleError> {
        let columns = self.columns.iter().map(|column| &column.name);
        for name in [&self.name].into_iter().chain(columns).chain(&self.key).chain(&self.itself) {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
                return Err(RuleError::field("tables", format!("`{name}` is no name of a table or column")));
            }
        }
        let known = |name: &String| self.place(name).is_some();
        if self.key.is_empty() || !self.key.iter().all(known) || !self.itself.iter().all(known) {
            return Err(RuleError::field("tables", format!("the columns of `{}` do not fit its key", self.name)));
        }
        Ok(())
    }
}

/// The kind of an SQL type.
trait ColumnKind {
    const KIND: Kind;
}

macro_rules! kinds {
    ($($sql:ty => $kind:ident),+ $(,)?) => {$(impl ColumnKind for $sql { const KIND: Kind = Kind::$kind; })+};
}

kinds!(Text => Text, Integer => Int, BigInt => Int, Double => Float, Bool => Bool, Timestamp => Time);

impl<T: ColumnKind + SqlType + SingleValue> ColumnKind for Nullable<T> {
    const KIND: Kind = T::KIND;
}

/// All columns of a table, which Diesel gives as a tuple.
trait Columns {
    fn list() -> Vec<Column>;
}

macro_rules! tuples {
    ($first:ident $(, $rest:ident)*) => {
        impl<$first: diesel::Column, $($rest: diesel::Column),*> Columns for ($first, $($rest,)*)
        where $first::SqlType: ColumnKind, $($rest::SqlType: ColumnKind),*
        {
            fn list() -> Vec<Column> {
                vec![
                    Column { name: $first::NAME.to_owned(), kind: <$first::SqlType as ColumnKind>::KIND },
                    $(Column { name: $rest::NAME.to_owned(), kind: <$rest::SqlType as ColumnKind>::KIND },)*
                ]
            }
        }
        tuples!($($rest),*);
    };
    () => {};
}

tuples!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, A2, B2, C2, D2, E2, F2);

macro_rules! describe {
    ($($table:ident ($($key:ident),+) $(itself $itself:ident)?;)+) => {
        vec![$(Table {
            name: stringify!($table).to_owned(),
            key: vec![$(<schema::$table::$key as diesel::Column>::NAME.to_owned()),+],
            columns: <<schema::$table::table as diesel::Table>::AllColumns as Columns>::list(),
            itself: None$(.or_else(|| Some(<schema::$table::$itself as diesel::Column>::NAME.to_owned())))?,
        }),+]
    };
}

/// Every table, in an order in which what is referred to comes before what refers to it. A test compares this with
/// the tables there really are.
pub fn tables() -> Vec<Table> {
    describe! {
        meta(id);
        wines(id);
        vintages(id);
        windows(vintage_id, source);
        racks(id);
        bins(id);
        bottles(id);
        barcodes(code, vintage_id);
        bottle_labels(bottle_id);
        calibrations(id);
        scans(id);
        readings(scan_id, bin);
        seen_ends(scan_id, bin);
        proposals(id);
        bin_memory(bin);
        bottle_looks(bottle_id);
        movements(id) itself reverses;
        tasting_notes(id);
        wine_tags(wine_id, tag);
        wishes(id);
        changes(id) itself reverses;
        users(id);
        sessions(id);
        tokens(id);
        setup_links(hash);
        idempotency(owner, idem_key);
        import_refs(scheme, foreign_id);
        imports(id);
        settings(name);
        events(revision, number);
        targets(name);
        deliveries(id);
        problems(name);
        catalogue_lists(id);
        catalogue_wines(list_id, number);
        catalogue_words(list_id, word);
    }
}
