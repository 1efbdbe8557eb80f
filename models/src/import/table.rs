//! From text to cells: delimiter, quotes over several lines, and the line each record starts on.

use std::collections::BTreeMap;

use crate::{error::RuleError, search::fold};

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns as they stand in the file.
    pub header: Vec<String>,
    /// The delimiter.
    pub delimiter: char,
    /// The records.
    pub rows: Vec<Row>,
    columns: BTreeMap<String, usize>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file it starts on, counted from 1.
    pub line: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// A record together with the names of its columns.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    table: &'a Table,
    row: &'a Row,
}

impl Table {
    /// Reads a table; the delimiter is the one of tab, semicolon and comma that the header holds most of.
    pub fn read(text: &str) -> Result<Self, RuleError> {
        // Blank lines before the header would shift it.
        let start = text.len() - text.trim_start_matches(['\r', '\n', ' ']).len();
        let skipped = text[..start].matches('\n').count();
        let text = &text[start..];
        let head = text.lines().next().unwrap_or_default();
        let delimiter = [b'\t', b';', b',']
            .into_iter()
            .max_by_key(|mark| unquoted(head, *mark))
            .filter(|mark| unquoted(head, *mark) > 0)
            .unwrap_or(b',');
        // The csv reader leaves blank lines out; they are counted, so that every line is told of.
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut header = Vec::new();
        let mut rows = Vec::new();
        let (mut line, mut counted) = (skipped + 1, 0);
        for record in reader.records() {
            let record =
                record.map_err(|error| RuleError::field("file", format!("cannot be read as a table: {error}")))?;
            // The reader's own count is off behind CRLF: the ends of lines before the record are counted here.
            let from = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
            let begins = text.bytes().skip(from).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let bytes = text.as_bytes().get(counted..from + begins).unwrap_or_default();
            line += bytes.iter().filter(|byte| **byte == b'\n').count();
            counted = from + begins;
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if header.is_empty() {
                header = cells;
            } else {
                rows.push(Row { line: u32::try_from(line).unwrap_or(u32::MAX), cells });
            }
        }
        if header.iter().all(String::is_empty) {
            return Err(RuleError::field("file", "is empty; the first line must name the columns"));
        }
        Ok(Self::of(header, char::from(delimiter), rows))
    }

    /// A table of these columns and records.
    pub(super) fn of(header: Vec<String>, delimiter: char, rows: Vec<Row>) -> Self {
        let mut columns = BTreeMap::new();
        for (i, name) in header.iter().enumerate() {
            columns.entry(fold(name)).or_insert(i);
        }
        Self { header, delimiter, rows, columns }
    }

    /// Number of the column of that name, whatever its case and accents.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(&fold(name)).copied()
    }

    /// Whether all these columns are there.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.column(name).is_some())
    }

    /// The records with their names.
    pub fn named(&self) -> impl Iterator<Item = Named<'_>> {
        self.rows.iter().map(|row| Named { table: self, row })
    }
}

impl<'a> Named<'a> {
    /// The cell of the named column; empty where there is none.
    pub fn get(&self, column: &str) -> &'a str {
        self.table.column(column).map_or("", |i| self.at(i))
    }

    /// The first of these columns that holds something.
    pub fn first(&self, columns: &[&str]) -> &'a str {
        columns.iter().map(|column| self.get(column)).find(|cell| !cell.is_empty()).unwrap_or("")
    }

    /// The cell of a column by number.
    pub fn at(&self, column: usize) -> &'a str {
        self.row.cells.get(column).map_or("", String::as_str)
    }

    /// Line of the file.
    pub fn line(&self) -> u32 {
        self.row.line
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.row.cells.iter().all(String::is_empty)
    }
}

/// How often the mark occurs outside of quotes.
fn unquoted(line: &str, mark: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            other if other == mark && !quoted => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_run_over_lines_and_lines_are_counted() {
        let table = Table::read("\r\nWine;\"a, b\";Note\r\nX;1;\"two\r\nlines\"\r\n\r\nY;2\r\n").expect("table");
        assert_eq!((table.delimiter, table.header.len()), (';', 3));
        let rows: Vec<_> = table.named().map(|row| (row.line(), row.get("wine"), row.get("note"))).collect();
        assert_eq!(rows, [(3, "X", "two\r\nlines"), (6, "Y", "")]);
        for end in ["\n", "\r\n"] {
            let table = Table::read(&["a,b", "1,2", "\"3\",4", "", "5,6"].join(end)).expect("table");
            assert_eq!(table.named().map(|row| row.line()).collect::<Vec<_>>(), [2, 3, 5]);
        }
    }
}
