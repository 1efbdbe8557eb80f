//! `winecellar`: the one program of the platform. Parses the command line and dispatches; see [`cli`].

mod access;
mod backup;
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
mod language;
mod media;
mod memory;
mod openapi;
mod out;
mod problem;
mod rest;
mod revision;
mod router;
mod shutdown;
mod sim;
mod site;
mod state;
mod trouble;
mod uploads;
mod wine_list;
mod worker;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = cli::Cli::parse_from(cli::arguments());
    exit::report(commands::run(args))
}
