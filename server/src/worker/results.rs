//! The tables of a scan, under the names that existing scripts read: results.csv, diff_only.csv, diff_only.json.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use vision::detect::BinReading;

/// A row of results.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResultRow {
    /// The bin.
    #[serde(rename = "bin_ID")]
    pub(crate) bin: String,
    /// Bottle ends; empty = no opinion.
    pub(crate) count: Option<u32>,
    /// Confidence of the count, 0 to 1.
    pub(crate) confidence: f64,
    /// Why a person should look; empty = nothing doubtful.
    #[serde(default)]
    pub(crate) needs_look: String,
}

/// A row of diff_only.csv.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DiffRow {
    /// The bin.
    #[serde(rename = "bin_ID")]
    pub(crate) bin: String,
    /// Bottles by the book.
    pub(crate) expected: i32,
    /// Bottles seen.
    pub(crate) seen: i32,
    /// Seen less expected.
    pub(crate) difference: i32,
    /// Confidence of the count.
    pub(crate) confidence: f64,
}

/// diff_only.json.
#[derive(Debug, Serialize)]
pub(crate) struct Diff<'a> {
    /// Number of rows.
    pub(crate) total: usize,
    /// The bins that differ.
    pub(crate) rows: &'a [DiffRow],
}

/// The rows of results.csv.
pub(crate) fn rows(readings: &[BinReading]) -> Vec<ResultRow> {
    readings
        .iter()
        .map(|reading| ResultRow {
            bin: reading.id.clone(),
            count: reading.count,
            confidence: (reading.confidence * 1000.0).round() / 1000.0,
            needs_look: reading.needs_look.clone().unwrap_or_default(),
        })
        .collect()
}

/// Rows as CSV with a header.
pub(crate) fn to_csv<T: Serialize>(rows: &[T], header: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("cannot write CSV: {error}"))
}

/// Columns of results.csv.
pub(crate) const RESULT_COLUMNS: &[&str] = &["bin_ID", "count", "confidence", "needs_look"];
/// Columns of diff_only.csv.
pub(crate) const DIFF_COLUMNS: &[&str] = &["bin_ID", "expected", "seen", "difference", "confidence"];

/// Reads a results.csv, ours or another program's: only `bin_ID` and `count` must be there.
pub(crate) fn read(data: &[u8]) -> anyhow::Result<Vec<ResultRow>> {
    let mut reader = csv::Reader::from_reader(data);
    let headers = reader.headers().context("results.csv: no header")?.clone();
    for needed in ["bin_ID", "count"] {
        anyhow::ensure!(
            headers.iter().any(|h| h == needed),
            "results.csv: column `{needed}` is missing (there are: {})",
            headers.iter().collect::<Vec<_>>().join(", ")
        );
    }
    let has_confidence = headers.iter().any(|h| h == "confidence");
    let column = |record: &csv::StringRecord, name: &str| -> String {
        headers.iter().position(|h| h == name).and_then(|i| record.get(i)).unwrap_or("").trim().to_owned()
    };
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let line = i + 2;
        let record = record.with_context(|| format!("results.csv line {line}"))?;
        let count = column(&record, "count");
        let confidence = column(&record, "confidence");
        rows.push(ResultRow {
            bin: column(&record, "bin_ID"),
            count: if count.is_empty() {
                None
            } else {
                Some(count.parse().with_context(|| format!("results.csv line {line}: count `{count}`"))?)
            },
            confidence: if has_confidence {
                confidence.parse().with_context(|| format!("results.csv line {line}: confidence `{confidence}`"))?
            } else {
                1.0
            },
            needs_look: column(&record, "needs_look"),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_survive_a_round_trip_and_strangers_are_read() {
        let row =
            |bin: &str, count| ResultRow { bin: bin.into(), count, confidence: 0.5, needs_look: "glare, left".into() };
        let rows = vec![row("01_01", Some(3)), row("01_02", None)];
        assert_eq!(read(&to_csv(&rows, RESULT_COLUMNS).expect("csv")).expect("read"), rows);
        assert_eq!(read(b"bin_ID,count\n03_03,5\n").expect("minimal")[0].count, Some(5));
        let wrong = read(b"bin,count\n1,2\n").expect_err("no bin_ID").to_string();
        assert!(wrong.contains("bin_ID"), "{wrong}");
        assert!(read(b"bin_ID,count\n1,many\n").is_err());
    }
}
