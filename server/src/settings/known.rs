//! The settings this program knows, taken from its command line: each argument that has a name in the environment.

use std::collections::BTreeMap;

use clap::{Arg, Command};

/// Settings of the system that people used before, and what to write instead.
const FORMER: &[(&str, &str)] = &[
    ("PINCE_RTSP_URL", "write WINECELLAR_SOURCE=rtsp://…"),
    ("SNAPSHOT_DIR", "set WINECELLAR_DATA_DIR to the folder that holds snapshots, cells_runtime and cells_runtime_res"),
    ("CROP_OUT", "set WINECELLAR_DATA_DIR to the folder that holds snapshots, cells_runtime and cells_runtime_res"),
    ("DET_OUT", "set WINECELLAR_DATA_DIR to the folder that holds snapshots, cells_runtime and cells_runtime_res"),
    ("MODEL_DIR", "set WINECELLAR_MODEL to the model's file"),
];

/// What the program itself sets or tests set: no settings of a box.
const OWN: &[&str] = &[super::FOLDER, crate::worker::lock::BY_SERVER];

/// The settings, by their names in the environment.
pub(crate) struct Known(BTreeMap<String, Arg>);

impl Known {
    /// All settings of a command line.
    pub(crate) fn of(command: &Command) -> Self {
        let mut known = BTreeMap::new();
        collect(command, &mut known);
        Self(known)
    }

    /// Each setting with its argument, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Arg)> {
        self.0.iter().map(|(key, arg)| (key.as_str(), arg))
    }

    /// A setting's argument.
    pub(crate) fn get(&self, key: &str) -> Option<&Arg> {
        self.0.get(key)
    }

    /// Why a key is of no use, if it is not.
    pub(crate) fn complaint(&self, key: &str) -> Option<String> {
        if self.0.contains_key(key) || OWN.contains(&key) {
            return None;
        }
        let bare = key.strip_prefix("WINECELLAR_").unwrap_or(key).to_uppercase();
        if let Some((_, cure)) = FORMER.iter().find(|(former, _)| *former == bare) {
            return Some(format!("{key} is a setting of the former system: {cure}"));
        }
        // Other programs' settings (RUST_LOG, TZ, LANG) are none of ours.
        let ours = key.starts_with("WINECELLAR") || self.near(key).is_some_and(|_| key.starts_with("DATABASE"));
        let near = self.near(key).map_or_else(String::new, |near| format!("is {near} meant? "));
        ours.then(|| format!("{key} is no setting: {near}`winecellar config` lists all"))
    }

    /// The known name that is most like this one, if one is like it at all.
    fn near(&self, key: &str) -> Option<&str> {
        let (distance, near) = self.0.keys().map(|known| (edits(key, known), known)).min()?;
        (distance <= 3).then_some(near.as_str())
    }
}

fn collect(command: &Command, known: &mut BTreeMap<String, Arg>) {
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        if let Some(key) = arg.get_env().and_then(|key| key.to_str()) {
            known.entry(key.to_owned()).or_insert_with(|| arg.clone());
        }
    }
    command.get_subcommands().for_each(|command| collect(command, known));
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let other = other.as_bytes();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn a_misspelt_key_is_told_with_the_one_that_is_meant() {
        let known = Known::of(&crate::cli::Cli::command());
        assert_eq!(known.complaint("WINECELLAR_SOURCE"), None);
        assert_eq!(known.complaint("TZ"), None);
        let told = known.complaint("WINECELLAR_SORCE").expect("unknown");
        assert!(told.contains("is WINECELLAR_SOURCE meant?"), "{told}");
        assert!(known.complaint("PINCE_RTSP_URL").expect("former").contains("WINECELLAR_SOURCE=rtsp://"));
        assert!(known.complaint("DATABASE_URI").expect("near").contains("DATABASE_URL"));
    }
}
