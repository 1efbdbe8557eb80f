//! Rules on the documents: every dependency has a reason, every invariant names its check.

use std::{fs, path::Path};

use anyhow::Context;

/// What is wrong, a line each.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let read = |name: &str| fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
    let mut found = dependencies(&read("Cargo.toml")?, &read("docs/DEPENDENCIES.md")?);
    found.extend(invariants(&read("ARCHITECTURE.md")?));
    Ok(found)
}

fn dependencies(manifest: &str, reasons: &str) -> Vec<String> {
    let names = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    names
        .filter(|line| !line.contains("path ="))
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.trim()))
        .filter(|name| !reasons.contains(&format!("`{name}`")))
        .map(|name| format!("docs/DEPENDENCIES.md: why is `{name}` there?"))
        .collect()
}

fn invariants(architecture: &str) -> Vec<String> {
    architecture
        .lines()
        .filter(|line| line.contains("**Invariant**") && !line.contains("(check: "))
        .map(|line| format!("ARCHITECTURE.md: an invariant without a check: {line}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_and_an_invariant_without_a_check_are_found() {
        assert_eq!(
            dependencies("[workspace.dependencies]\napp = { path = \"app\" }\ncsv = \"1\"\n[x]\ny = \"1\"\n", "").len(),
            1
        );
        assert!(dependencies("[workspace.dependencies]\ncsv = \"1\"\n", "- `csv`: reads CSV").is_empty());
        assert_eq!(invariants("- **Invariant**: a\n- **Invariant**: b (check: tidy)\n").len(), 1);
    }
}
