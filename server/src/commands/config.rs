//! `winecellar config`: the settings as they count here, and where each comes from.

use clap::{Arg, CommandFactory};
use serde::Serialize;

use crate::{
    cli::{self, Cli},
    exit::Ended,
    out,
    settings::{self, Settings, known::Known, values},
};

/// A setting as it counts.
#[derive(Debug, Serialize)]
struct Effective {
    /// Its name in the environment and in shared.env.
    key: String,
    /// The value, without secrets; none where nothing is set.
    value: Option<String>,
    /// `command line`, `environment`, a file with its line, or `default`.
    origin: String,
    /// What it is for.
    help: String,
}

#[derive(Debug, Serialize)]
struct Told {
    settings: Vec<Effective>,
    complaints: Vec<String>,
}

/// Prints every setting; ends with code 2 if one cannot be used.
pub(crate) fn run(settings: &Settings, json: bool) -> anyhow::Result<()> {
    let known = Known::of(&Cli::command());
    let told = look(settings, &known);
    if json {
        out::line(serde_json::to_string_pretty(&told)?)?;
    } else {
        for one in &told.settings {
            let value = one.value.as_deref().unwrap_or("-");
            out::line(format_args!("{:<28} {value:<40} {}", one.key, one.origin))?;
        }
        for complaint in &told.complaints {
            out::line(format_args!("WRONG  {complaint}"))?;
        }
    }
    match told.complaints.len() {
        0 => Ok(()),
        n => Err(Ended::Usage(format!("{n} setting(s) cannot be used; each is named above with its cure")).into()),
    }
}

fn look(settings: &Settings, known: &Known) -> Told {
    let mut complaints = settings.complaints(known);
    let strays = cli::environment().into_iter().filter(|(key, _)| key.starts_with("WINECELLAR_"));
    let in_no_file = strays.filter(|(key, _)| settings.find(key).is_none());
    complaints.extend(in_no_file.filter_map(|(key, _)| Some(format!("environment: {}", known.complaint(&key)?))));
    let mut effective = Vec::new();
    for (key, arg) in known.iter() {
        let (value, origin) = value_of(settings, key, arg);
        if let Some(wrong) = value.as_deref().and_then(|value| values::complaint(key, arg, value)) {
            complaints.push(format!("{origin}: {wrong}"));
        }
        effective.push(Effective {
            key: key.to_owned(),
            value: value.map(|value| values::shown(key, arg, &value)),
            origin,
            help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        });
    }
    Told { settings: effective, complaints }
}

/// What a setting is, and where it comes from.
fn value_of(settings: &Settings, key: &str, arg: &Arg) -> (Option<String>, String) {
    let filed = settings.find(key);
    let place = || filed.map_or_else(String::new, |(file, entry)| Settings::place(file, entry));
    if let Some(given) = settings.given(key) {
        return (Some(given.to_owned()), "command line".to_owned());
    }
    // The units hand shared.env over as environment: the line says more than that.
    if let Some((_, value)) = cli::environment().into_iter().find(|(known, _)| known == key) {
        let origin = match filed {
            Some((_, entry)) if entry.value == value => place(),
            Some(_) => format!("environment, instead of {}", place()),
            None => "environment".to_owned(),
        };
        return (Some(value), origin);
    }
    if let Some((_, entry)) = filed {
        return (Some(entry.value.clone()), place());
    }
    match arg.get_default_values().first() {
        Some(default) => (Some(default.to_string_lossy().into_owned()), "default".to_owned()),
        None => (None, "not set".to_owned()),
    }
}

/// Tells on stderr what of the files cannot be used; the program goes on with the rest, as systemd does.
pub(crate) fn warn(settings: &Settings) {
    for complaint in settings.complaints(&Known::of(&Cli::command())) {
        eprintln!("winecellar: {complaint}");
    }
}

/// The folder of the files, if one is named.
pub(crate) fn folder() -> Option<std::path::PathBuf> {
    cli::environment().into_iter().find(|(key, _)| key == settings::FOLDER).map(|(_, folder)| folder.into())
}
