//! Rules on source files: what each must have, and what stands in one place only.

use crate::files::TextFile;

/// Longest source file; tests may be longer.
const MOST_LINES: usize = 500;
const BAD_NAMES: &[&str] = &["utils", "util", "helpers", "common", "misc"];

/// A text that only some paths may hold.
struct Place {
    text: &'static str,
    within: &'static str,
    allowed: &'static [&'static str],
    why: &'static str,
}

const PLACES: &[Place] = &[
    Place {
        text: "diesel::",
        within: "",
        allowed: &["models/src/db", "test-support/"],
        why: "SQL is spoken in models/src/db only",
    },
    Place {
        text: "Conn::Sqlite",
        within: "models/",
        allowed: &["models/src/db/dialect.rs"],
        why: "only the dialect may ask which engine it is",
    },
    Place {
        text: "from_u16(",
        within: "server/src",
        allowed: &["server/src/problem.rs"],
        why: "one table maps errors to HTTP status",
    },
    Place {
        text: "env::var",
        within: "server/src",
        allowed: &["server/src/cli.rs", "server/src/worker/lock.rs"],
        why: "settings are read by cli.rs, once",
    },
    Place { text: "SystemTime::now", within: "models/", allowed: &[], why: "the domain has no clock" },
    Place { text: "SystemTime::now", within: "vision/src", allowed: &[], why: "vision has no clock" },
    Place { text: "Utc::now", within: "", allowed: &["server/src/config.rs"], why: "one place reads the clock" },
];

/// Texts that nobody may write. Split so that this file does not find itself.
const NEVER: &[(&str, &str)] = &[
    (concat!("#[ign", "ore"), "a test that is not run is no test"),
    (concat!("should_", "panic"), "assert on the error instead"),
    (concat!("tod", "o!("), "finish it"),
    (concat!("unimple", "mented!("), "finish it"),
    (concat!("waitFor", "Timeout"), "wait for what is to happen"),
];

/// What is wrong, a line each.
pub(crate) fn check(files: &[TextFile]) -> Vec<String> {
    files.iter().filter(|file| !file.path.starts_with("xtask/")).flat_map(findings).collect()
}

fn findings(file: &TextFile) -> Vec<String> {
    let TextFile { path, text } = file;
    let mut found = Vec::new();
    if path.ends_with(".rs") {
        let test = path.contains("/tests/");
        if !text.starts_with("//!") && !text.starts_with("#![") {
            found.push(format!("{path}: the first line must say what the module is (//!)"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES && !test {
            found.push(format!("{path}: {lines} lines; is it still one thing?"));
        }
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if BAD_NAMES.contains(&name) {
            found.push(format!("{path}: `{name}` says nothing; name the thing"));
        }
        for place in PLACES.iter().filter(|place| !test && path.starts_with(place.within)) {
            if !place.allowed.iter().any(|allowed| path.starts_with(allowed)) && holds(text, place.text) {
                found.push(format!("{path}: `{}`: {}", place.text, place.why));
            }
        }
    }
    for (never, why) in NEVER {
        if holds(text, never) {
            found.push(format!("{path}: `{never}`: {why}"));
        }
    }
    found
}

/// Whether a line that is no comment holds the text.
fn holds(text: &str, wanted: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> Vec<String> {
        check(&[TextFile { path: path.to_owned(), text: text.to_owned() }])
    }

    #[test]
    fn each_rule_finds_its_breach_and_no_other() {
        assert!(of("app/src/a.rs", "//! A.\n").is_empty());
        assert_eq!(of("app/src/a.rs", "fn a() {}\n").len(), 1);
        assert_eq!(of("server/src/a.rs", "//! A.\nuse diesel::x;\n").len(), 1);
        assert!(of("models/src/db/a.rs", "//! A.\nuse diesel::x;\n").is_empty());
        assert!(of("server/src/a.rs", "//! A.\n// diesel::x\n").is_empty());
        assert_eq!(of("app/src/utils.rs", "//! A.\n").len(), 1);
        assert_eq!(of("app/src/a.rs", &format!("//! A.\n{}", "\n".repeat(600))).len(), 1);
        assert_eq!(of("end2end/a.mjs", concat!("page.waitFor", "Timeout(1)")).len(), 1);
    }
}
