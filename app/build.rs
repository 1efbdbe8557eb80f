//! Makes a function of every text in `texts/en.txt`, and of every language a table. A text that a language lacks, has too
//! much, or fills otherwise ends the build with its name.

#[path = "build/table.rs"]
mod table;

use std::{env, fs, path::Path};

use table::{Sayer, Table, Text};

/// The languages, English first: it names the texts and their parts.
const LANGUAGES: [&str; 4] = ["en", "hu", "de", "fr"];

fn main() {
    println!("cargo::rerun-if-changed=texts");
    println!("cargo::rerun-if-changed=build");
    let mut tables: Vec<_> = LANGUAGES.iter().map(|language| read(language)).collect();
    // Those that travel come first, those of other rooms last.
    tables[0].texts.sort_by_key(|text| text.by);
    let english = &tables[0];
    let faults: Vec<_> = tables[1..].iter().flat_map(|other| other.faults(english)).collect();
    assert!(faults.is_empty(), "the texts do not agree:\n{}", faults.join("\n"));
    let places: Vec<_> = english.texts.iter().enumerate().map(|(place, text)| function(place, text)).collect();
    let rows: Vec<_> = LANGUAGES.iter().zip(&tables).map(|(name, table)| row(name, table, english)).collect();
    let of = |by| english.texts.iter().filter(|text| text.by == by).count();
    let (travel, own) = (of(Sayer::App), of(Sayer::App) + of(Sayer::Desk));
    let code = format!(
        "{}\n/// How many of the texts a browser needs.\n#[cfg(feature = \"ssr\")]\npub(super) const TRAVEL: usize = {travel};\n\
         /// How many are said by us; those of other rooms follow.\n#[cfg(feature = \"ssr\")]\npub(super) const OWN: usize = {own};\n{}",
        places.concat(),
        rows.concat()
    );
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("texts.rs"), code).expect("the build folder takes files");
}

fn read(language: &str) -> Table {
    let path = format!("texts/{language}.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Table::parse(language, &text).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// The function that says a text. What only the server says exists only there.
fn function(place: usize, text: &Text) -> String {
    let Text { name, by, .. } = text;
    if *by == Sayer::Elsewhere {
        return String::new();
    }
    let parts = text.parts();
    let doc = text.forms.join(" | ");
    let only = if *by == Sayer::App { "" } else { "#[cfg(feature = \"ssr\")]\n" };
    let head = format!("/// {doc}\n{only}");
    let taken: Vec<_> = parts
        .iter()
        .map(|part| if part == "n" && text.counts() { "n: i64".to_owned() } else { format!("{part}: &dyn Display") })
        .collect();
    let given: Vec<_> = parts
        .iter()
        .map(|part| if part == "n" && text.counts() { "&grouped(n)".to_owned() } else { part.clone() })
        .collect();
    let (taken, given) = (taken.join(", "), given.join(", "));
    if text.counts() {
        format!("{head}pub(crate) fn {name}({taken}) -> String {{ fill(form(text({place}), n), &[{given}]) }}\n")
    } else if parts.is_empty() {
        format!("{head}pub(crate) fn {name}() -> &'static str {{ text({place}) }}\n")
    } else {
        format!("{head}pub(crate) fn {name}({taken}) -> String {{ fill(text({place}), &[{given}]) }}\n")
    }
}

/// A language's table, in the order of the English one.
fn row(language: &str, table: &Table, english: &Table) -> String {
    let texts: Vec<_> = english.texts.iter().map(|text| format!("{:?}", table.said(text))).collect();
    let name = language.to_uppercase();
    format!("#[cfg(feature = \"ssr\")]\npub(super) static {name}: [&str; {}] = [{}];\n", texts.len(), texts.join(",\n"))
}
