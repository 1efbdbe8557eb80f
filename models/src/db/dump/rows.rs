//! Rows of any table, read and written by its description.

use diesel::{
    Connection, RunQueryDsl,
    connection::LoadConnection,
    row::Row as _,
    sql_types::{BigInt, Bool, Double, Nullable, Text, Timestamp},
};

use super::{Contents, Kind, Row, Table, Value};
use crate::{
    Instant,
    db::{Conn, DbError, dialect},
};

/// Rows written by one statement.
const BATCH: usize = 50;
/// Bytes of text after which a statement is sent though it has fewer rows: a server limits a statement's size.
const BATCH_BYTES: usize = 1 << 20;

type Backend = <Conn as Connection>::Backend;

/// Names as SQL: both engines take backticks.
fn names<'a>(columns: impl IntoIterator<Item = &'a String>) -> String {
    columns.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Gives each row of a table to `each`, in the order of the key.
pub fn rows_read<E: From<DbError>>(
    conn: &mut Conn,
    table: &Table,
    mut each: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let columns = names(table.columns.iter().map(|column| &column.name));
    let query = format!("SELECT {columns} FROM `{}` ORDER BY {}", table.name, names(&table.key));
    let cursor = LoadConnection::load(conn, diesel::sql_query(query)).map_err(|error| E::from(error.into()))?;
    for row in cursor {
        let row = row.map_err(|error| E::from(error.into()))?;
        let mut values = Vec::with_capacity(table.columns.len());
        for (i, column) in table.columns.iter().enumerate() {
            let value = match column.kind {
                Kind::Text => row.get_value::<Nullable<Text>, Option<String>, _>(i).map(|v| v.map(Value::Text)),
                Kind::Int => row.get_value::<Nullable<BigInt>, Option<i64>, _>(i).map(|v| v.map(Value::Int)),
                Kind::Float => row.get_value::<Nullable<Double>, Option<f64>, _>(i).map(|v| v.map(Value::Float)),
                Kind::Bool => row.get_value::<Nullable<Bool>, Option<bool>, _>(i).map(|v| v.map(Value::Bool)),
                Kind::Time => row.get_value::<Nullable<Timestamp>, Option<Instant>, _>(i).map(|v| v.map(Value::Time)),
            };
            let place = || format!("{}.{}", table.name, column.name);
            values.push(value.map_err(|error| DbError::broken(&place(), error))?.unwrap_or(Value::Null));
        }
        each(Row(values))?;
    }
    Ok(())
}

/// What a table holds.
pub fn contents(conn: &mut Conn, table: &Table) -> Result<Contents, DbError> {
    let mut contents = Contents::new(table);
    rows_read(conn, table, |row| -> Result<(), DbError> {
        contents.add(&row);
        Ok(())
    })?;
    Ok(contents)
}

/// The first table that holds rows, beside the change counter that every database has.
pub fn first_filled(conn: &mut Conn) -> Result<Option<String>, DbError> {
    for table in dialect::table_names(conn)?.into_iter().filter(|name| name != "meta") {
        let rows =
            dialect::count(conn, &format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM `{table}` LIMIT 1) AS some"))?;
        if rows > 0 {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

/// Removes the change counter of an empty database, to make room for the one that belongs to the rows.
pub fn forget_revision(conn: &mut Conn) -> Result<(), DbError> {
    diesel::delete(crate::db::schema::meta::table).execute(conn)?;
    Ok(())
}

/// Writes rows into an empty table, many with one statement.
pub struct RowWriter<'a> {
    table: &'a Table,
    waiting: Vec<Row>,
    bytes: usize,
    /// Rows that refer to another of this table: the reference is set when all rows are there.
    references: Vec<(Vec<Value>, Value)>,
}

impl<'a> RowWriter<'a> {
    /// For a table.
    pub fn new(table: &'a Table) -> Self {
        Self { table, waiting: Vec::new(), bytes: 0, references: Vec::new() }
    }

    /// Takes a row.
    pub fn push(&mut self, conn: &mut Conn, mut row: Row) -> Result<(), DbError> {
        if let Some(value) = self.table.itself.as_ref().and_then(|c| self.table.place(c)).and_then(|i| row.0.get_mut(i))
            && *value != Value::Null
        {
            let reference = std::mem::replace(value, Value::Null);
            let key = self.table.key_places().into_iter().filter_map(|i| row.0.get(i).cloned()).collect();
            self.references.push((key, reference));
        }
        self.bytes +=
            row.0.iter().map(|value| if let Value::Text(text) = value { text.len() } else { 8 }).sum::<usize>();
        self.waiting.push(row);
        if self.waiting.len() >= BATCH || self.bytes >= BATCH_BYTES { self.send(conn) } else { Ok(()) }
    }

    /// Writes what is left.
    pub fn finish(mut self, conn: &mut Conn) -> Result<(), DbError> {
        self.send(conn)?;
        let Some(itself) = &self.table.itself else { return Ok(()) };
        let found: Vec<String> = self.table.key.iter().map(|key| format!("`{key}` = ?")).collect();
        let update = format!("UPDATE `{}` SET `{itself}` = ? WHERE {}", self.table.name, found.join(" AND "));
        for (key, reference) in std::mem::take(&mut self.references) {
            execute(conn, &update, [reference].into_iter().chain(key))?;
        }
        Ok(())
    }

    fn send(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let one = format!("({})", vec!["?"; self.table.columns.len()].join(", "));
        let columns = names(self.table.columns.iter().map(|column| &column.name));
        let places = vec![one; rows.len()].join(", ");
        let insert = format!("INSERT INTO `{}` ({columns}) VALUES {places}", self.table.name);
        execute(conn, &insert, rows.into_iter().flat_map(|row| row.0)).map_err(|error| told(&self.table.name, error))
    }
}

/// Names the table that a statement failed at.
fn told(table: &str, error: DbError) -> DbError {
    match error {
        DbError::Other(text) => DbError::Other(format!("{table}: {text}")),
        DbError::Conflict(text) => DbError::Conflict(format!("{table}: {text}")),
        other => other,
    }
}

fn execute(conn: &mut Conn, sql: &str, values: impl Iterator<Item = Value>) -> Result<(), DbError> {
    let mut query = diesel::sql_query(sql).into_boxed::<Backend>();
    for value in values {
        query = match value {
            Value::Null => query.bind::<Nullable<Text>, _>(None::<String>),
            Value::Text(text) => query.bind::<Text, _>(text),
            Value::Int(number) => query.bind::<BigInt, _>(number),
            Value::Float(number) => query.bind::<Double, _>(number),
            Value::Bool(yes) => query.bind::<Bool, _>(yes),
            Value::Time(at) => query.bind::<Timestamp, _>(at),
        };
    }
    query.execute(conn)?;
    Ok(())
}
