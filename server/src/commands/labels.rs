//! `winecellar labels …`

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context;
use chrono::Datelike;
use image::RgbImage;
use labels::{
    Field, Label, Page, ReadError, Reader, Shot,
    codes::{self, Code},
    eval,
    local::LocalReader,
};
use models::scanned::Scanned;

use crate::{
    cli::{LabelModels, Labels},
    config,
    labels::{MOST_SHOTS, Told},
    out,
};

/// Runs what was asked.
pub(crate) fn run(args: Labels) -> anyhow::Result<()> {
    match args {
        Labels::Read { models, files, json } => read(&models, &files, json),
        Labels::Eval { models, dir, vintages, json } => evaluate(&models, &dir, vintages.as_deref(), json),
        Labels::Shots { models } => shots(|shots| told(&models, shots)),
        Labels::Photo => shots(|_| Ok(Told::Photo)),
    }
}

const MISSING: &str =
    "the models that read labels are missing. Cure: `make setup`, or set WINECELLAR_LABEL_MODELS to their folder";

/// The folder of the models, where they are set up.
fn folder(models: &LabelModels) -> Option<PathBuf> {
    LocalReader::find(&config::shipped(models.folder.as_deref(), "labels")).map(Path::to_path_buf)
}

/// The reader that is set up.
fn reader(models: &LabelModels) -> anyhow::Result<LocalReader> {
    Ok(LocalReader::open(&folder(models).context(MISSING)?)?)
}

fn page(reader: &dyn Reader, picture: &RgbImage) -> Result<Page, ReadError> {
    Ok(Page { width: picture.width(), height: picture.height(), lines: reader.read(picture)? })
}

fn read(models: &LabelModels, files: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let reader = reader(models)?;
    let mut pages = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let picture = labels::decode(&bytes).with_context(|| file.display().to_string())?;
        pages.push(page(&reader, &picture).with_context(|| file.display().to_string())?);
    }
    let label = labels::parse(&pages, config::now().year());
    if json {
        out::line(serde_json::to_string_pretty(&serde_json::json!({ "shots": pages, "label": label }))?)?;
        return Ok(());
    }
    for line in pages.iter().flat_map(|page| &page.lines) {
        out::line(format_args!("{:>4.0}%  {}", line.confidence * 100.0, line.text))?;
    }
    let Label { producer, name, vintage, appellation, region, country, grapes, colour, abv, volume_ml, designation } =
        label;
    let single = [
        ("producer", producer),
        ("name", name),
        ("vintage", vintage),
        ("appellation", appellation),
        ("region", region),
        ("country", country),
        ("colour", colour),
        ("alcohol", abv),
        ("millilitres", volume_ml),
    ];
    let tell = |name: &str, field: &Field| {
        let others = if field.alternatives.is_empty() {
            String::new()
        } else {
            format!("  or {}", field.alternatives.join(", "))
        };
        out::line(format_args!("{name:<12}{:>4.0}%  {}{others}", field.confidence * 100.0, field.value))
    };
    single
        .iter()
        .filter_map(|(name, field)| Some((name, field.as_ref()?)))
        .try_for_each(|(name, field)| tell(name, field))?;
    grapes.iter().try_for_each(|field| tell("grape", field))?;
    designation.iter().try_for_each(|field| tell("designation", field))?;
    Ok(())
}

/// Answers another process of this program on stdout: what is told of the shots on one line, behind it the front to keep.
fn shots(tell: impl Fn(&[Shot]) -> anyhow::Result<Told>) -> anyhow::Result<()> {
    // Where memory ends this process goes first, not the server. A system that does not let us say so decides by itself.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    // Before the models are loaded: most of what cannot be used shows here.
    let mut shots = Vec::new();
    while let Some(shot) = next_shot(&mut std::io::stdin())? {
        anyhow::ensure!(shots.len() < MOST_SHOTS, "there are more than {MOST_SHOTS} shots");
        match labels::shot(&shot) {
            Ok(shot) => shots.push(shot),
            Err(error) => return out::line(serde_json::to_string(&Told::Shot(error.to_string()))?),
        }
    }
    let front = labels::photo(&shots.first().context("there is no shot")?.picture)?;
    out::line(serde_json::to_string(&tell(&shots)?)?)?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&front).and_then(|()| stdout.flush()).context("the photo cannot be passed on")
}

fn told(models: &LabelModels, shots: &[Shot]) -> anyhow::Result<Told> {
    let mut codes: Vec<Code> = shots.iter().flat_map(|shot| codes::read(&shot.fine)).collect();
    codes.dedup();
    let ours = |code: &Code| matches!(code, Code::Qr(text) if Scanned::read(text).is_some());
    let found = |pages: Vec<Page>, codes| {
        let label = Box::new(labels::parse(&pages, config::now().year()));
        Ok(Told::Read { pages, label, codes })
    };
    // A label of our own says all that is to be known, and a code is better than nothing where no reader is set up.
    let folder = folder(models);
    if codes.iter().any(ours) || (folder.is_none() && !codes.is_empty()) {
        return found(Vec::new(), codes);
    }
    let Some(folder) = folder else { return Ok(Told::Missing(MISSING.to_owned())) };
    let reader = LocalReader::open(&folder)?;
    let pages = shots.iter().map(|shot| page(&reader, &shot.picture)).collect::<Result<Vec<_>, _>>()?;
    found(pages, codes)
}

/// The next shot, which stands after its length; none at the end.
fn next_shot(input: &mut impl Read) -> anyhow::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if input.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    input.read_exact(&mut length[1..])?;
    let length = u64::from_le_bytes(length);
    anyhow::ensure!(length <= labels::LARGEST_FILE as u64, "a shot of {length} bytes is announced");
    let mut shot = Vec::new();
    input.take(length).read_to_end(&mut shot)?;
    anyhow::ensure!(shot.len() as u64 == length, "a shot is cut off");
    Ok(Some(shot))
}

fn evaluate(models: &LabelModels, dir: &Path, vintages: Option<&Path>, json: bool) -> anyhow::Result<()> {
    let reader = reader(models)?;
    let start = Instant::now();
    let report = eval::run(&reader, dir, vintages, config::now().year(), &|| start.elapsed().as_secs_f64());
    let report = report.map_err(anyhow::Error::msg)?;
    if json {
        out::line(serde_json::to_string_pretty(&report)?)?;
        return Ok(());
    }
    let mut seconds: Vec<f64> = report.outcomes.iter().map(|outcome| outcome.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let of = |part: f64| {
        seconds
            .get(((seconds.len() as f64 * part) as usize).min(seconds.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    };
    out::line(format_args!(
        "reader {}, {} pictures, {} wines to choose among",
        report.reader,
        seconds.len(),
        report.wines
    ))?;
    out::line(format_args!("whole wine first        {:>5.1}%", report.part(|o| o.rank == 1) * 100.0))?;
    out::line(format_args!("whole wine in first 3   {:>5.1}%", report.part(|o| (1..=3).contains(&o.rank)) * 100.0))?;
    out::line(format_args!("producer or name in 3   {:>5.1}%", report.part(|o| o.producer_or_name) * 100.0))?;
    out::line(format_args!("seconds a picture       {:>5.2} median, {:.2} at 95 %", of(0.5), of(0.95)))?;
    out::line(format_args!("\n{:<12}{:>8}{:>8}{:>8}{:>16}", "field", "right", "wrong", "silent", "right of read"))?;
    for (name, tally) in report.fields() {
        let read = (tally.right + tally.wrong).max(1) as f64;
        out::line(format_args!(
            "{name:<12}{:>8}{:>8}{:>8}{:>15.1}%",
            tally.right,
            tally.wrong,
            tally.silent,
            tally.right as f64 / read * 100.0
        ))?;
    }
    let mut worst: Vec<_> = report.outcomes.iter().filter(|outcome| outcome.rank != 1).collect();
    worst.sort_by_key(|outcome| std::cmp::Reverse(if outcome.rank == 0 { usize::MAX } else { outcome.rank }));
    out::line("\nworst")?;
    for outcome in worst.into_iter().take(10) {
        let [truth, found, text] = &outcome.words;
        out::line(format_args!(
            "{} (place {}): is {truth}; taken for {found}; read: {text}",
            outcome.picture, outcome.rank
        ))?;
    }
    for problem in &report.failed {
        eprintln!("winecellar: left out: {problem}");
    }
    Ok(())
}
