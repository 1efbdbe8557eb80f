//! What a person reads stands in the tables of `app/texts`, not in the views: finds what looks like words there.

use crate::files::TextFile;

/// Where views and their words are made.
const VIEWS: &[&str] = &[
    "app/src/pages/",
    "app/src/components/",
    "app/src/charts",
    "app/src/format",
    "app/src/app.rs",
    "app/src/planogram.rs",
    "app/src/state/",
];

/// The same in every language: names, and examples of what is typed into a form.
const NAMES: &[&str] = &[
    "Winecellar",
    "/metrics",
    " (Prometheus) \\u{b7} ",
    "sudo cellar doctor",
    "Unknown",
    "Domaine Tempier",
    "Bandol Rouge",
    "Provence",
    "Bandol",
    "Mourv\\u{e8}dre 80, Grenache 20",
    "R\\u{e9}serve",
    "Grand Cru",
];

/// Where the rules, the camera and the reader of labels say why.
const ELSEWHERE: &[&str] = &["models/src/", "vision/src/", "labels/src/", "server/src/", "app/src/api/"];

/// What is wrong, a line each.
pub(crate) fn check(files: &[TextFile]) -> Vec<String> {
    let mut found = in_views(files);
    found.extend(unsaid(files));
    found
}

/// Sentences that the tables translate for other rooms, and that nobody says there (any more).
fn unsaid(files: &[TextFile]) -> Vec<String> {
    let Some(table) = files.iter().find(|file| file.path == "app/texts/en.txt") else { return Vec::new() };
    let said: Vec<String> = files
        .iter()
        .filter(|file| ELSEWHERE.iter().any(|room| file.path.starts_with(room)))
        // A long literal is parted by a backslash and the next line's indentation.
        .map(|file| file.text.split("\\\n").map(str::trim_start).collect::<String>())
        .collect();
    let lines = table.text.split("[elsewhere]\n").nth(1).unwrap_or_default().lines();
    let patterns = lines.filter_map(|line| line.split_once(" = "));
    let unsaid = patterns.filter(|(_, pattern)| !said.iter().any(|text| text.contains(longest(pattern))));
    unsaid
        .map(|(name, _)| format!("app/texts/en.txt: nobody says `{name}`: the rules and the camera have other words"))
        .collect()
}

/// The longest piece of a pattern that is its own.
fn longest(pattern: &str) -> &str {
    let pieces = pattern.split('{').map(|piece| piece.split_once('}').map_or(piece, |both| both.1));
    pieces.max_by_key(|piece| piece.len()).unwrap_or_default()
}

fn in_views(files: &[TextFile]) -> Vec<String> {
    let views = files
        .iter()
        .filter(|file| VIEWS.iter().any(|place| file.path.starts_with(place)) && !file.path.ends_with("tests.rs"));
    views
        .flat_map(|file| {
            let code = file.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let found = literals(code).into_iter().filter(|(before, text)| is_words(before, text));
            found
                .map(|(_, text)| format!("{}: \"{text}\" belongs into app/texts/en.txt", file.path))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// A literal that a person would read: words with a capital, or any that stand between tags.
fn is_words(before: &str, text: &str) -> bool {
    let bare: String = text
        .split("\\u{")
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('}').map_or("", |both| both.1) })
        .collect();
    let mut letters = bare.chars();
    let capital = letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.next().is_some_and(|c| c.is_ascii_lowercase());
    let between = (before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->")
        || before.ends_with('}'))
        && bare.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    (capital || between) && !NAMES.contains(&text)
}

/// The string literals of code, each with the code before it.
fn literals(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find(['"', '/', '\'']).map(|next| at + next) {
        let rest = &code[next..];
        at = next
            + if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("'\"'") {
                3
            } else if let Some(body) = rest.strip_prefix('"') {
                let end = end_of(body);
                found.push((code[..next].trim_end(), &body[..end]));
                end + 2
            } else {
                1
            };
        if at >= code.len() {
            break;
        }
    }
    found
}

/// Where a literal ends: at the first quotation mark that no backslash takes away.
fn end_of(body: &str) -> usize {
    let mut escaped = false;
    body.char_indices()
        .find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        })
        .map_or(body.len().saturating_sub(1), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> usize {
        check(&[TextFile { path: "app/src/pages/a.rs".to_owned(), text: code.to_owned() }]).len()
    }

    #[test]
    fn a_sentence_that_nobody_says_any_more_is_found() {
        let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
        let table =
            file("app/texts/en.txt", "[elsewhere]\nfull = bin {bin} is full ({n})\nold = {n} years ago it was so\n");
        let rules = file("models/src/error.rs", "#[error(\"bin {bin} is \\\n        full ({n})\")]");
        let found = check(&[table, rules]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`old`"));
    }

    #[test]
    fn words_in_a_view_are_found_and_classes_are_not() {
        assert_eq!(of("view! { <p>\"no bottle\"</p> }"), 1);
        assert_eq!(of("let words = \"Ready\";"), 1);
        assert_eq!(of("view! { <p class=\"quiet line\">{icon(\"put\")}\" \\u{b7} \"{when}</p> }"), 0);
        assert_eq!(of("view! { <Form method=\"GET\" action=\"\">"), 0);
        assert_eq!(of("// \"Not this\"\nlet c = '\"'; let d = \"x\";"), 0);
    }
}
