//! One function per command.

mod backup;
mod bench;
mod camera;
mod catalogue;
pub(crate) mod config;
mod copy;
mod doctor;
mod export;
pub(crate) mod import;
mod labels;
mod layout;
mod nas;
mod people;
mod restore;
mod routes;
mod serve;
mod stages;
mod stock;
mod tell;
mod tidy;
mod vision;

use crate::out;
use crate::{
    cli::{Cli, Command, DbCommand, DemoCommand, Place, Stock},
    demo, openapi,
    settings::Settings,
    sim,
    watch::failures,
};

/// Runs what was asked.
pub(crate) fn run(args: Cli, settings: &Settings) -> anyhow::Result<()> {
    let place = args.place;
    match args.command {
        Command::Serve(serve) => serve::run(&place, &serve),
        Command::Migrate => migrate(&place),
        Command::Demo(args) => match args.command {
            Some(DemoCommand::Photo { without, moved, out }) => demo::photo::write(&without, &moved, &out),
            None => demo::run(&place, args.if_empty),
        },
        Command::Import(args) => import::run(&place, &args),
        Command::Takeover(args) => crate::takeover::run(&place, &args),
        Command::Export(args) => export::run(&place, &args),
        Command::Stock(Stock::Run(run)) => stock::run(&place, &run),
        Command::Stock(Stock::Snapshot(args)) => stages::snapshot(&place, &args),
        Command::Stock(Stock::Rectify(args)) => stages::rectify(&place, &args),
        Command::Stock(Stock::Crop(args)) => stages::crop(&place, &args),
        Command::Stock(Stock::Detect(args)) => stages::detect(&place, &args),
        Command::Stock(Stock::Compare(args)) => stages::compare(&place, &args),
        Command::Stock(Stock::Grab(args)) => camera::grab(&args),
        Command::Stock(Stock::Watch(args)) => crate::motion::watch_frames(&place.data(), &args),
        Command::Stock(Stock::Darken(args)) => camera::darken(&args),
        Command::Stock(Stock::Tidy(args)) => tidy::run(&place, &args),
        Command::Nas(args) => nas::run(&place, args),
        Command::Layout(args) => layout::run(&place, args),
        Command::Catalogue(args) => catalogue::run(&place, args),
        Command::Labels(args) => labels::run(&place, args),
        Command::Vision(args) => vision::run(&place, args),
        Command::Db(DbCommand::Copy { from, to }) => copy::run(&from, &to),
        Command::Backup(args) => backup::run(&place, &args),
        Command::Restore(args) => restore::run(&place, &args),
        Command::Doctor(args) => doctor::run(&place, &args),
        Command::Tell(command) => tell::run(&place, command),
        Command::User(args) => people::user(&place, args),
        Command::Token(args) => people::token(&place, args),
        Command::Sim(args) => sim::run(&args),
        Command::Failed { unit } => failed(&place, &unit),
        Command::Config { json } => config::run(settings, json),
        Command::Routes { json } => routes::run(json),
        Command::Openapi => {
            out::line(openapi::document().to_pretty_json()?)?;
            Ok(())
        }
    }
}

/// What `winecellar-failure@.service` starts.
fn failed(place: &Place, unit: &str) -> anyhow::Result<()> {
    let failure = failures::note(&place.data(), unit)?;
    out::line(format_args!("{unit} failed: {}", failure.lines.last().map_or("it said nothing", String::as_str)))
}

fn migrate(place: &Place) -> anyhow::Result<()> {
    let db = place.open()?;
    match crate::config::migrate(&db)? {
        0 => out::line(format_args!("{}: up to date", db.url_redacted()))?,
        n => out::line(format_args!("{}: {n} migration(s) applied", db.url_redacted()))?,
    }
    Ok(())
}
