//! `winecellar sim`: years of a household's life with a rack, day by day. People drink, move, receive, forget and err; the rack
//! is rendered as it then is and really scanned; the questions are answered as people would; and the book is compared with
//! what truly lies in the rack. What is known here of the truth never reaches the scans.

mod answers;
mod day;
mod light;
mod plot;
mod report;
mod score;
mod shelf;
mod world;

use std::{fs, path::Path, time::Instant as Stopwatch};

use anyhow::Context;
use models::{compare::Belief, db::Db};
use vision::{render::Rng, source::SourceSpec};

use crate::{
    cli::{Camera, Light, Place, Sim},
    out,
    worker::{artifacts, atomic, scan},
};

use day::Habits;
use report::{DayLine, Report};
use shelf::Shelf;
use world::World;

/// The scene is drawn at half the size of the demonstration's: 960×540.
const SCALE: f64 = 0.5;

/// Pictures a night, as a scan asks of a camera.
const BURST: u64 = 5;

/// Lives the days and writes the report.
pub(crate) fn run(sim: &Sim) -> anyhow::Result<()> {
    let began = Stopwatch::now();
    let folder = &sim.out;
    anyhow::ensure!(
        !folder.exists() || fs::read_dir(folder).is_ok_and(|mut held| held.next().is_none()),
        "--out {}: the folder holds something; name one that is new or empty",
        folder.display()
    );
    fs::create_dir_all(folder).with_context(|| format!("--out {}", folder.display()))?;
    let place = place(&folder.join("with"));
    let mut dice = Rng::new(sim.seed);
    let mut world = World::new(&mut dice, SCALE);
    let mut with = Shelf::open(&place.url(), &world)?;
    let mut without = Shelf::open(&self::place(&folder.join("without")).url(), &world)?;
    let mut report = Report::new(sim);
    let habits = if sim.still { Habits::none() } else { Habits::usual() };
    let belief = sim.doubt.belief()?;
    for day in 1..=sim.days {
        let happened = day::live(&mut world, &habits, &mut dice);
        for act in &happened {
            with.book(act, &world, day)?;
            without.book(act, &world, day)?;
        }
        light::change(&mut world.scene, &mut dice);
        with.recognise(&world)?;
        let found = score::differences(&with, &world);
        let status = look(&with.db, &place, &mut world, belief, day)?;
        let mut line = DayLine::new(day, status, happened.len());
        line.unbooked = found.len();
        report.nights += &report.score.count(&with, &world, &found, day)?;
        line.asked = answers::answer(&mut with, &world, sim.error, day, &mut dice, &mut report.score)?;
        line.drift = score::drift(&with, &world)?;
        line.drift_without = score::drift(&without, &world)?;
        report.days.push(line);
        // Whoever breaks it off has the report of the days until then.
        if day % 20 == 0 || day == sim.days {
            report.write(folder)?;
            eprintln!("winecellar: day {day} of {}, {:.0} s", sim.days, began.elapsed().as_secs_f64());
        }
    }
    out::line(report.to_markdown())
}

/// A cellar of its own, with the built-in model.
fn place(folder: &Path) -> Place {
    Place { database_url: None, data_dir: folder.to_owned(), nas_dir: None, model: None }
}

/// Photographs the rack and scans the picture: the same code as every night.
fn look(
    db: &Db,
    place: &Place,
    world: &mut World,
    belief: Belief,
    day: u32,
) -> anyhow::Result<models::scan::ScanStatus> {
    let data = place.data();
    let burst = data.ensure()?.join("burst");
    fs::create_dir_all(&burst).with_context(|| burst.display().to_string())?;
    for (n, picture) in world.photograph(BURST).iter().enumerate() {
        atomic::write(&burst.join(format!("{n}.jpg")), &artifacts::jpeg(picture)?)?;
    }
    let source = SourceSpec::Dir(burst);
    let camera = Camera { source: None, rack: None, deadline: 30, light: Light::default() };
    let job = scan::Job { source: &source, camera: &camera, belief, now: &|| day::at(day, 22, 0), begins: &|_| () };
    let outcome = scan::run(db, place, &job)?;
    // The pictures of a year would fill a disk, and nobody looks at them.
    if !outcome.folder.is_empty() {
        fs::remove_dir_all(&outcome.folder).with_context(|| outcome.folder.clone())?;
    }
    Ok(outcome.status)
}
