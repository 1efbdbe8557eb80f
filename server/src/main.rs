//! `winecellar`: the one program of the platform. Parses the command line and dispatches; see [`cli`].

mod access;
mod album;
mod backup;
mod calibrate;
mod cli;
mod commands;
mod config;
mod demo;
mod device;
mod disk;
mod doctor;
mod events;
mod exit;
mod extract;
mod idempotency;
mod labels;
mod language;
mod media;
mod memory;
mod motion;
mod nas;
mod openapi;
mod out;
mod pick;
mod print;
mod problem;
mod rest;
mod revision;
mod room;
mod router;
mod settings;
mod shutdown;
mod sim;
mod site;
mod state;
mod tag_sheet;
mod takeover;
mod tell;
mod trouble;
mod uploads;
mod watch;
mod wine_list;
mod worker;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    exit::report(run())
}

/// What stands in files is a default of the command line, so that one order counts for all settings.
fn run() -> anyhow::Result<()> {
    let mut settings = settings::Settings::read(commands::config::folder().as_deref())?;
    let command = settings.as_defaults(cli::Cli::command());
    let matches = command.clone().get_matches_from(cli::arguments());
    settings.remember_given(&command, &matches);
    let args = cli::Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if !matches!(args.command, cli::Command::Config { .. }) {
        commands::config::warn(&settings);
    }
    commands::run(args, &settings)
}
