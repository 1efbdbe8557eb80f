//! `winecellar.toml`: the same settings in TOML. `light_wait = 3` and `wait = 3` in the table `[light]` both mean
//! WINECELLAR_LIGHT_WAIT, `database_url` means DATABASE_URL, `google_application_credentials` that.

use toml::de::{DeTable, DeValue};

use super::{Complaint, Entry};

/// All values, by their names in the environment.
pub(super) fn parse(text: &str) -> Result<(Vec<Entry>, Vec<Complaint>), Complaint> {
    let table = DeTable::parse(text).map_err(|error| Complaint {
        line: error.span().map_or(0, |span| line_of(text, span.start)),
        what: format!("this is no TOML: {}", error.message()),
    })?;
    let (mut entries, mut complaints) = (Vec::new(), Vec::new());
    collect(text, "", table.get_ref(), &mut entries, &mut complaints);
    entries.sort_by_key(|entry| entry.line);
    Ok((entries, complaints))
}

fn collect(text: &str, before: &str, table: &DeTable<'_>, entries: &mut Vec<Entry>, complaints: &mut Vec<Complaint>) {
    for (name, value) in table {
        let line = line_of(text, name.span().start);
        let name = format!("{before}{}", name.get_ref().to_uppercase());
        let value = match value.get_ref() {
            DeValue::Table(inner) => {
                collect(text, &format!("{name}_"), inner, entries, complaints);
                continue;
            }
            DeValue::String(value) => value.to_string(),
            DeValue::Integer(value) => value.to_string(),
            DeValue::Float(value) => value.to_string(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Array(_) | DeValue::Datetime(_) => {
                let what = format!("{}: write a text, a number, true or false", name.to_lowercase());
                complaints.push(Complaint { line, what });
                continue;
            }
        };
        entries.push(Entry { key: key_of(&name), value, line });
    }
}

/// The setting's name in the environment.
fn key_of(name: &str) -> String {
    let whole = ["DATABASE_URL", "GOOGLE_APPLICATION_CREDENTIALS"].contains(&name);
    if whole { name.to_owned() } else { format!("WINECELLAR_{name}") }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_plain_keys_mean_the_same_settings() {
        let text = "database_url = \"sqlite:a.db\"\nlearn = true\n\n[light]\nwait = 3\non = [1]\n";
        let (entries, complaints) = parse(text).expect("read");
        let found: Vec<(&str, &str, usize)> =
            entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_str(), entry.line)).collect();
        assert_eq!(
            found,
            [("DATABASE_URL", "sqlite:a.db", 1), ("WINECELLAR_LEARN", "true", 2), ("WINECELLAR_LIGHT_WAIT", "3", 5)]
        );
        assert_eq!(complaints.iter().map(|complaint| complaint.line).collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn a_file_that_is_no_toml_is_refused_with_its_line() {
        assert_eq!(parse("learn = true\nlight\n").expect_err("no TOML").line, 2);
    }
}
