//! `winecellar sim`: years of a household's life with a rack, day by day. People drink, move, receive, forget and err; the rack
//! is rendered as it then is and really scanned; the questions are answered as people would; and the book is compared with
//! what truly lies in the rack. What is known here of the truth never reaches the scans.

mod answers;
mod counting;
mod day;
mod light;
mod plot;
mod report;
mod score;
mod shelf;
mod world;

use std::{fs, path::Path, time::Instant as Stopwatch};

use anyhow::Context;
use chrono::TimeDelta;
use models::{
    Instant,
    compare::Belief,
    db::{Db, unsettled},
    proposal::Proposal,
    scan::ScanStatus,
};
use vision::{render::Rng, source::SourceSpec};

use crate::{
    cli::{Camera, Light, Place, Sim},
    out,
    worker::{artifacts, atomic, scan},
};

use day::{Habits, Visit};
use report::{DayLine, Report};
use shelf::Shelf;
use world::World;

/// The scene is drawn at half the size of the demonstration's: 960×540.
const SCALE: f64 = 0.5;

/// Pictures a night, as a scan asks of a camera.
const BURST: u64 = 5;

/// How often somebody passes the rack and touches nothing, at each of the times at which somebody may come.
const PASSES: f64 = 0.05;

/// The rack is scanned so long after a visit: who was there has gone.
const AFTER: TimeDelta = TimeDelta::minutes(10);

/// And once more so long after that, where something was not seen surely.
const AGAIN: TimeDelta = TimeDelta::minutes(10);

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
    let mut life = Life::begin(sim)?;
    for day in 1..=sim.days {
        life.day(day)?;
        // Whoever breaks it off has the report of the days until then.
        if day % 20 == 0 || day == sim.days {
            life.report.write(folder)?;
            eprintln!("winecellar: day {day} of {}, {:.0} s", sim.days, began.elapsed().as_secs_f64());
        }
    }
    out::line(life.report.to_markdown())
}

/// A household with its rack and two books, one of which a camera helps to keep.
struct Life<'a> {
    sim: &'a Sim,
    habits: Habits,
    belief: Belief,
    place: Place,
    world: World,
    with: Shelf,
    without: Shelf,
    report: Report,
    /// Each has dice of its own, so that one seed lives the same days whatever is scanned, asked and answered.
    acts: Rng,
    answers: Rng,
    motion: Rng,
}

impl<'a> Life<'a> {
    fn begin(sim: &'a Sim) -> anyhow::Result<Self> {
        let mut acts = Rng::new(sim.seed);
        let world = World::new(&mut acts, SCALE);
        let place = place(&sim.out.join("with"));
        Ok(Self {
            sim,
            habits: if sim.still { Habits::none() } else { Habits::usual() },
            belief: sim.doubt.belief()?,
            with: Shelf::open(&place.url(), &world)?,
            without: Shelf::open(&self::place(&sim.out.join("without")).url(), &world)?,
            place,
            world,
            report: Report::new(sim),
            acts,
            answers: Rng::new(!sim.seed),
            motion: Rng::new(sim.seed.rotate_left(32) ^ 1),
        })
    }

    /// What people do, what the camera sees of it, and what is made of that in the evening.
    fn day(&mut self, day: u32) -> anyhow::Result<()> {
        let mut line = DayLine::new(day);
        for visit in Visit::ALL {
            let acts = visit.live(&mut self.world, &self.habits, &mut self.acts);
            let now = visit.at(day);
            for act in acts.iter().flatten() {
                self.with.book(act, &self.world, now)?;
                self.without.book(act, &self.world, now)?;
                line.booked += 1;
            }
            if self.sim.motion && (acts.is_some() || self.motion.chance(PASSES)) {
                light::of_visit(&mut self.world.scene, &mut self.motion);
                self.scan(now + AFTER, &mut line)?;
            }
        }
        light::of_night(&mut self.world.scene, &mut self.acts);
        let mut open = self.scan(day::at(day, 22, 0), &mut line)?;
        if self.sim.lamp && line.status != ScanStatus::Ok {
            light::of_visit(&mut self.world.scene, &mut self.motion);
            open = self.scan(day::at(day, 22, 15), &mut line)?;
        }
        let found = score::differences(&self.with, &self.world);
        line.unbooked = found.len();
        self.report.nights += &self.report.score.evening(&self.with, &self.world, &found, &open, day)?;
        let (error, dice) = (self.sim.error, &mut self.answers);
        line.asked = answers::answer(&mut self.with, &self.world, error, day, dice, &mut self.report.score)?;
        if self.sim.stocktake.is_some_and(|every| day % every == 0) {
            line.counted = counting::count(&mut self.with, &self.world, error, day, dice)?;
        }
        for cause in score::causes(&score::differences(&self.with, &self.world)) {
            *self.report.score.kept.entry(cause).or_default() += 1;
        }
        line.drift = score::drift(&self.with, &self.world)?;
        line.drift_without = score::drift(&self.without, &self.world)?;
        self.report.days.push(line);
        Ok(())
    }

    /// Photographs the rack and scans the pictures: the same code as every night, with a second look where the server would take one.
    /// Returns the questions that are open then.
    fn scan(&mut self, now: Instant, line: &mut DayLine) -> anyhow::Result<Vec<Proposal>> {
        self.with.recognise(&self.world)?;
        line.scanned(look(&self.with.db, &self.place, &mut self.world, self.belief, now)?);
        let open = self.report.score.questions(&self.with, &self.world, now)?;
        match self.with.db.read(|conn| unsettled::second_look(conn, AGAIN, now))? {
            Some(due) => self.scan(due, line),
            None => Ok(open),
        }
    }
}

/// A cellar of its own, with the built-in model.
fn place(folder: &Path) -> Place {
    Place { database_url: None, data_dir: folder.to_owned(), nas_dir: None, model: None }
}

fn look(db: &Db, place: &Place, world: &mut World, belief: Belief, now: Instant) -> anyhow::Result<ScanStatus> {
    let data = place.data();
    let burst = data.ensure()?.join("burst");
    fs::create_dir_all(&burst).with_context(|| burst.display().to_string())?;
    for (n, picture) in world.photograph(BURST).iter().enumerate() {
        atomic::write(&burst.join(format!("{n}.jpg")), &artifacts::jpeg(picture)?)?;
    }
    let source = SourceSpec::Dir(burst);
    let camera = Camera { source: None, rack: None, deadline: 30, light: Light::default() };
    let job = scan::Job { source: &source, camera: &camera, belief, now: &|| now, begins: &|_| () };
    let outcome = scan::run(db, place, &job)?;
    // The pictures of a year would fill a disk, and nobody looks at them.
    if !outcome.folder.is_empty() {
        fs::remove_dir_all(&outcome.folder).with_context(|| outcome.folder.clone())?;
    }
    Ok(outcome.status)
}
