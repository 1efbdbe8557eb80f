//! Another program's MariaDB, read as it is found: which tables with which columns, and their rows. Nothing of it is ever changed:
//! the session is read only.

use std::collections::BTreeMap;

use diesel::{Connection, MysqlConnection, RunQueryDsl, connection::SimpleConnection, sql_types::Text};
use serde_json::{Map, Value};

use super::DbError;

/// Rows of one table that are read; a cellar has fewer.
const MOST: i64 = 500_000;

/// Of a longer text only so many signs are read.
const LONGEST: usize = 4000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignTable {
    /// Its name.
    pub name: String,
    /// Names of its columns in their order; those of pictures and other bytes are left out.
    pub columns: Vec<String>,
}

/// A database of another program, all of it at one moment.
pub struct Foreign(MysqlConnection);

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Foreign {
    /// Connects to `mysql://USER:PASSWORD@HOST/NAME`; `mariadb://` and what SQLAlchemy writes (`mysql+pymysql://…`) mean the same.
    pub fn open(url: &str) -> Result<Self, DbError> {
        let rest = url.split_once("://").filter(|(scheme, _)| {
            let engine = scheme.split('+').next().unwrap_or_default();
            matches!(engine, "mysql" | "mariadb")
        });
        let Some((_, rest)) = rest else {
            return Err(DbError::Url("the database must be written as mysql://USER:PASSWORD@HOST/NAME".to_owned()));
        };
        // What follows a `?` are settings of the other program's driver.
        let url = format!("mysql://{}", rest.split('?').next().unwrap_or(rest));
        let mut conn = MysqlConnection::establish(&url).map_err(|error| DbError::Unavailable(error.to_string()))?;
        conn.batch_execute("SET NAMES utf8mb4")?;
        conn.batch_execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        conn.batch_execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")?;
        Ok(Self(conn))
    }

    /// Its tables, by name.
    pub fn tables(&mut self) -> Result<Vec<ForeignTable>, DbError> {
        let query = "SELECT JSON_OBJECT('table', table_name, 'column', column_name) AS line FROM information_schema.columns \
                     WHERE table_schema = DATABASE() AND data_type NOT LIKE '%blob' AND data_type NOT LIKE '%binary' \
                     AND data_type NOT IN ('bit', 'geometry', 'point', 'linestring', 'polygon') ORDER BY table_name, ordinal_position";
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.lines(query, "information_schema.columns")? {
            if let (Some(Value::String(table)), Some(Value::String(column))) = (row.get("table"), row.get("column")) {
                tables.entry(table.clone()).or_default().push(column.clone());
            }
        }
        Ok(tables.into_iter().map(|(name, columns)| ForeignTable { name, columns }).collect())
    }

    /// The rows of a table, by names of its columns.
    pub fn rows(&mut self, table: &ForeignTable) -> Result<Vec<Map<String, Value>>, DbError> {
        // A picture may lie in a column of text: nothing of a book is longer than this.
        let pairs: Vec<String> =
            table.columns.iter().map(|name| format!("{}, LEFT({}, {LONGEST})", text(name), identifier(name))).collect();
        let from = identifier(&table.name);
        let query = format!("SELECT JSON_OBJECT({}) AS line FROM {from} LIMIT {}", pairs.join(", "), MOST + 1);
        let rows = self.lines(&query, &table.name)?;
        if rows.len() as i64 > MOST {
            return Err(DbError::Conflict(format!("the table `{}` has more than {MOST} rows", table.name)));
        }
        Ok(rows)
    }

    fn lines(&mut self, query: &str, of: &str) -> Result<Vec<Map<String, Value>>, DbError> {
        let lines: Vec<Line> = diesel::sql_query(query)
            .load(&mut self.0)
            .map_err(|error| DbError::Other(format!("the table `{of}` cannot be read: {error}")))?;
        let parsed = lines.iter().enumerate().map(|(i, row)| {
            serde_json::from_str(&row.line)
                .map_err(|error| DbError::Other(format!("row {} of the table `{of}` cannot be read: {error}", i + 1)))
        });
        parsed.collect()
    }
}

fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn text(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "''"))
}
