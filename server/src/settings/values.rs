//! Whether a value can be used, before anything is tried with it; and what of it may be shown.

use clap::{Arg, Command};
use models::db::Db;
use vision::source::SourceSpec;

use crate::{cli::Light, worker::light};

const DATABASE: &str = "DATABASE_URL";
const SOURCE: &str = "WINECELLAR_SOURCE";
const WATCH: &str = "WINECELLAR_WATCH";

/// What is wrong with a value, and how to write it; none if it can be used.
pub(crate) fn complaint(key: &str, arg: &Arg, value: &str) -> Option<String> {
    if value.trim().is_empty() {
        let needed = !arg.get_default_values().is_empty();
        return needed.then(|| format!("{key} is empty: give it a value, or put # before the line"));
    }
    let told = match key {
        DATABASE => (!["sqlite:", "mysql://", "mariadb://"].iter().any(|form| value.starts_with(form)))
            .then(|| "it is neither sqlite:PATH nor mysql://USER:PASSWORD@HOST/NAME".to_owned()),
        SOURCE | WATCH => value.parse::<SourceSpec>().err().map(|error| error.to_string()),
        "WINECELLAR_LIGHT_ON" | "WINECELLAR_LIGHT_OFF" => {
            let light = Light { light_on: Some(value.to_owned()), ..Light::default() };
            light::switches(&light).err().map(|error| format!("{:#}", error.root_cause()))
        }
        _ => refused(arg, value)
            .or_else(|| crate::tell::complaint(key, value))
            .or_else(|| crate::labels::google::complaint(key, value)),
    };
    told.map(|why| format!("{key}: {why}"))
}

/// What the command line itself says of the value.
fn refused(arg: &Arg, value: &str) -> Option<String> {
    let command = Command::new("setting").no_binary_name(true).arg(arg.clone().id("value").long("value"));
    let error = command.try_get_matches_from([format!("--value={value}")]).err()?;
    let told = error.to_string();
    let first = told.lines().next().unwrap_or_default().trim_start_matches("error: ");
    // The option's name means nothing to somebody who reads a file.
    let (before, after) = first.split_once(" for '").unwrap_or((first, ""));
    let after = after.split_once('\'').map_or("", |(_, after)| after);
    let choices = told.lines().skip(1).map(str::trim).find(|line| line.starts_with('['));
    Some(format!("{before}{after}{}", choices.map_or_else(String::new, |choices| format!(" {choices}"))))
}

/// A value without its secrets.
pub(crate) fn shown(key: &str, arg: &Arg, value: &str) -> String {
    const HIDDEN: &str = "(set, not shown)";
    match key {
        _ if value.is_empty() => String::new(),
        DATABASE if value.starts_with("sqlite:") => value.to_owned(),
        DATABASE => Db::open(value).map_or_else(|_| HIDDEN.to_owned(), |db| db.url_redacted()),
        SOURCE | WATCH => value.parse::<SourceSpec>().map_or_else(|_| HIDDEN.to_owned(), |source| source.to_string()),
        _ if arg.is_hide_env_values_set() => HIDDEN.to_owned(),
        _ => value.to_owned(),
    }
}
