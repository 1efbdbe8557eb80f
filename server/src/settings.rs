//! Settings that stand in files: `shared.env`, as the units hand it to the services, and an optional `winecellar.toml`
//! beside it. The folder of both is named by `WINECELLAR_SETTINGS`. What counts, from strong to weak: the command line,
//! the environment, shared.env, winecellar.toml, the program's default.

mod env_file;
pub(crate) mod known;
mod toml_file;
pub(crate) mod values;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{ArgMatches, Command, parser::ValueSource};

use crate::exit::Ended;
use known::Known;

/// Names the folder of the files.
pub(crate) const FOLDER: &str = "WINECELLAR_SETTINGS";
const ENV_FILE: &str = "shared.env";
const TOML_FILE: &str = "winecellar.toml";

/// A value and the line it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The setting, by its name in the environment.
    pub(crate) key: String,
    /// What it is set to.
    pub(crate) value: String,
    /// The line, from 1.
    pub(crate) line: usize,
}

/// Something in a file that cannot be used, and its cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// The line, from 1; 0 for the file as a whole.
    pub(crate) line: usize,
    /// What is wrong and what to do.
    pub(crate) what: String,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub(crate) struct SettingsFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    entries: Vec<Entry>,
    complaints: Vec<Complaint>,
}

impl SettingsFile {
    /// The last entry of a key: as with systemd, later lines win.
    fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    fn at(&self, line: usize) -> String {
        match line {
            0 => self.path.display().to_string(),
            line => format!("{} line {line}", self.path.display()),
        }
    }
}

/// What the files say, strongest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    files: Vec<SettingsFile>,
    /// Settings that the command line gave, by their names in the environment.
    given: Vec<(String, String)>,
}

impl Settings {
    /// Reads the files of a folder; without a folder there are none. A file that is not there is no error, a TOML file that
    /// cannot be understood is: half of it would be worse than nothing.
    pub(crate) fn read(folder: Option<&Path>) -> anyhow::Result<Self> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        let mut files = Vec::new();
        for (name, parse) in [(ENV_FILE, env_file::parse as fn(&str) -> _), (TOML_FILE, toml_file::parse)] {
            let path = folder.join(name);
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    let cure = format!("cannot read {} (its group is winecellar: use `sudo cellar`)", path.display());
                    return Err(error).context(cure);
                }
            };
            let (entries, complaints) = parse(&text).map_err(|wrong: Complaint| {
                Ended::Usage(format!("{} line {}: {}", path.display(), wrong.line, wrong.what))
            })?;
            files.push(SettingsFile { path, entries, complaints });
        }
        Ok(Self { files, given: Vec::new() })
    }

    /// A setting's line in the strongest file that has it.
    pub(crate) fn find(&self, key: &str) -> Option<(&SettingsFile, &Entry)> {
        self.files.iter().find_map(|file| Some((file, file.get(key)?)))
    }

    /// The command line with what the files say as its defaults.
    pub(crate) fn as_defaults(&self, command: Command) -> Command {
        let set = |arg: clap::Arg| {
            let found = arg.get_env().and_then(|key| self.find(key.to_str()?));
            match found {
                // The command line lives as long as the program.
                Some((_, entry)) => arg.default_value(&*entry.value.clone().leak()),
                None => arg,
            }
        };
        command.mut_args(set).mut_subcommands(|command| self.as_defaults(command))
    }

    /// Keeps what the command line itself gave.
    pub(crate) fn remember_given(&mut self, command: &Command, matches: &ArgMatches) {
        for arg in command.get_arguments() {
            let Some(key) = arg.get_env().and_then(|key| key.to_str()) else { continue };
            let id = arg.get_id().as_str();
            let Ok(Some(mut values)) = matches.try_get_raw(id) else { continue };
            if matches.value_source(id) == Some(ValueSource::CommandLine)
                && let Some(value) = values.next()
            {
                self.given.push((key.to_owned(), value.to_string_lossy().into_owned()));
            }
        }
    }

    /// The value that the command line gave.
    pub(crate) fn given(&self, key: &str) -> Option<&str> {
        self.given.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Everything in the files that cannot be used, with its place.
    pub(crate) fn complaints(&self, known: &Known) -> Vec<String> {
        let mut told = Vec::new();
        for file in &self.files {
            let unknown = file
                .entries
                .iter()
                .filter_map(|entry| known.complaint(&entry.key).map(|what| Complaint { line: entry.line, what }));
            let mut all: Vec<Complaint> = file.complaints.iter().cloned().chain(unknown).collect();
            all.sort_by_key(|complaint| complaint.line);
            told.extend(all.into_iter().map(|complaint| format!("{}: {}", file.at(complaint.line), complaint.what)));
        }
        told
    }

    /// The place of a setting's value, for a person.
    pub(crate) fn place(file: &SettingsFile, entry: &Entry) -> String {
        file.at(entry.line)
    }
}
