//! Values that both engines give alike, and their text form: one JSON array for a row.

use serde_json::Value as Json;

use super::describe::{Kind, Table};
use crate::{Instant, error::RuleError};

/// How an instant is written.
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.6f";

/// A stored value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// An instant.
    Time(Instant),
}

/// The values of a row, in the order of its table's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Value {
    fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => Json::String(text.clone()),
            Self::Int(number) => Json::from(*number),
            // As text: the shortest digits that give this very number again. JSON readers round as they like.
            Self::Float(number) => Json::String(format!("{number:?}")),
            Self::Bool(yes) => Json::Bool(*yes),
            Self::Time(at) => Json::String(at.format(TIME).to_string()),
        }
    }

    fn from_json(kind: Kind, json: Json) -> Option<Self> {
        Some(match (kind, json) {
            (_, Json::Null) => Self::Null,
            (Kind::Text, Json::String(text)) => Self::Text(text),
            (Kind::Int, Json::Number(number)) => Self::Int(number.as_i64()?),
            (Kind::Float, Json::String(text)) => Self::Float(text.parse().ok().filter(|n: &f64| n.is_finite())?),
            (Kind::Bool, Json::Bool(yes)) => Self::Bool(yes),
            (Kind::Time, Json::String(text)) => Self::Time(Instant::parse_from_str(&text, TIME).ok()?),
            _ => return None,
        })
    }
}

impl Row {
    /// The row as one line.
    pub fn to_line(&self) -> String {
        Json::Array(self.0.iter().map(Value::to_json).collect()).to_string()
    }

    /// Reads a line of [`Row::to_line`].
    pub fn from_line(table: &Table, line: &str) -> Result<Self, RuleError> {
        let wrong = |why: String| RuleError::field(&table.name, why);
        let values: Vec<Json> = serde_json::from_str(line).map_err(|error| wrong(format!("a broken row: {error}")))?;
        if values.len() != table.columns.len() {
            let why = format!("a row of {} values where {} belong", values.len(), table.columns.len());
            return Err(wrong(why));
        }
        let read = |(column, json): (&super::Column, Json)| {
            let shown = json.to_string();
            Value::from_json(column.kind, json).ok_or_else(|| {
                let shown: String = shown.chars().take(60).collect();
                wrong(format!("`{}` cannot be {shown}", column.name))
            })
        };
        table.columns.iter().zip(values).map(read).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Column, *};

    fn table() -> Table {
        let column = |name: &str, kind| Column { name: name.into(), kind };
        Table {
            name: "t".into(),
            key: vec!["a".into()],
            itself: None,
            columns: vec![
                column("a", Kind::Text),
                column("b", Kind::Int),
                column("c", Kind::Float),
                column("d", Kind::Bool),
                column("e", Kind::Time),
            ],
        }
    }

    #[test]
    fn every_value_comes_back_as_it_was() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).and_then(|d| d.and_hms_micro_opt(3, 0, 0, 7));
        let full = Row(vec![
            Value::Text("Château \"X\"\n\u{1F377}".into()),
            Value::Int(i64::MIN),
            Value::Float(0.1 + 0.2),
            Value::Bool(true),
            Value::Time(at.expect("a day")),
        ]);
        for row in [full, Row(vec![Value::Null; 5])] {
            assert_eq!(Row::from_line(&table(), &row.to_line()), Ok(row));
        }
    }

    #[test]
    fn what_does_not_fit_the_columns_is_refused() {
        for line in
            ["", "{}", "[]", r#"["a",1,"x",true,null]"#, r#"["a",1.5,"1.0",true,null]"#, r#"[1,1,"1.0",true,null]"#]
        {
            assert!(Row::from_line(&table(), line).is_err(), "{line}");
        }
    }
}
