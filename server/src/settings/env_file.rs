//! `shared.env`, read as systemd reads an EnvironmentFile.

use super::{Complaint, Entry};

/// The lines `KEY=VALUE`. A line that systemd would pass over is complained of.
pub(super) fn parse(text: &str) -> Result<(Vec<Entry>, Vec<Complaint>), Complaint> {
    let (mut entries, mut complaints) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        let (line, number) = (line.trim(), number + 1);
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        match entry(line) {
            Ok((key, value)) => entries.push(Entry { key, value, line: number }),
            Err(what) => complaints.push(Complaint { line: number, what }),
        }
    }
    Ok((entries, complaints))
}

fn entry(line: &str) -> Result<(String, String), String> {
    let (key, value) = line.split_once('=').ok_or_else(|| format!("`{line}` sets nothing: write KEY=VALUE"))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if key.is_empty() || !key.chars().all(is_name) || key.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!(
            "`{key}` is no name of a setting: write KEY=VALUE, without `export` and without spaces before `=`"
        ));
    }
    let value = value.trim();
    if value.ends_with('\\') {
        return Err(format!("{key}: the line ends with a backslash: write the value on one line"));
    }
    Ok((key.to_owned(), unquoted(key, value)?))
}

/// Without the quotes around a value.
fn unquoted(key: &str, value: &str) -> Result<String, String> {
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Ok(value.to_owned()) };
    match value[1..].strip_suffix(quote) {
        Some(inside) if !inside.contains(quote) => Ok(inside.to_owned()),
        _ => Err(format!("{key}: the quotes do not match: put one pair around the whole value, or none")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_systemd_reads_them() {
        let text = "# a word\n\nA=1\n B = no name\nC=\"two words\"\nD='x'\nE=a # b\nexport F=1\nG\nH=\"x\n";
        let (entries, complaints) = parse(text).expect("read");
        let found: Vec<(&str, &str, usize)> =
            entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_str(), entry.line)).collect();
        assert_eq!(found, [("A", "1", 3), ("C", "two words", 5), ("D", "x", 6), ("E", "a # b", 7)]);
        assert_eq!(complaints.iter().map(|complaint| complaint.line).collect::<Vec<_>>(), [4, 8, 9, 10]);
    }
}
