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
    Field, Label, Page, PictureError, ReadError, Reader, Shot, Whole,
    codes::{self, Code},
    eval,
    local::LocalReader,
};

use crate::{
    cli::{LabelModels, Labels, Place, ReadBy, Reads},
    config,
    labels::{
        MOST_SHOTS, Told,
        google::{Google, GoogleReader},
        is_ours,
    },
    out,
};

/// Runs what was asked.
pub(crate) fn run(place: &Place, args: Labels) -> anyhow::Result<()> {
    match args {
        Labels::Read { by, files, json } => read(&*reader_of(place, &by)?, &files, json),
        Labels::Eval { by, dir, vintages, bent, json } => {
            evaluate(&*reader_of(place, &by)?, &dir, vintages.as_deref(), bent, json)
        }
        Labels::Shots { models, clean, codes } => shots(&models, clean, codes),
    }
}

const MISSING: &str =
    "the models that read labels are missing. Cure: `make setup`, or set WINECELLAR_LABEL_MODELS to their folder";

/// The folder of the models, where they are set up.
fn folder(models: &LabelModels) -> Option<PathBuf> {
    LocalReader::find(&config::shipped(models.folder.as_deref(), "labels")).map(Path::to_path_buf)
}

/// The reader that is set.
fn reader_of(place: &Place, by: &ReadBy) -> anyhow::Result<Box<dyn Reader>> {
    match by.reader.reads {
        Reads::Local => Ok(Box::new(LocalReader::open(&folder(&by.models).context(MISSING)?)?)),
        Reads::Google => {
            let google = Google::of(&by.reader, &place.data(), by.tls.named()).map_err(anyhow::Error::msg)?;
            Ok(Box::new(GoogleReader::new(google).context("cannot start the runtime")?))
        }
        Reads::None => {
            anyhow::bail!("labels are not read here: WINECELLAR_LABEL_READER is none; local and google switch it on")
        }
    }
}

fn page(reader: &dyn Reader, picture: &RgbImage) -> Result<Page, ReadError> {
    Ok(Page { width: picture.width(), height: picture.height(), lines: reader.read(picture)? })
}

fn read(reader: &dyn Reader, files: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let mut pages = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let picture = labels::decode(&bytes).with_context(|| file.display().to_string())?;
        pages.push(page(reader, &picture).with_context(|| file.display().to_string())?);
    }
    let label = labels::parse(&pages, config::now().year());
    if json {
        let told = serde_json::json!({ "reader": reader.name(), "shots": pages, "label": label });
        out::line(serde_json::to_string_pretty(&told)?)?;
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

/// Reads shots from stdin and prints what they say, and behind it the front as a photo to keep. The server's own child:
/// what it is sent is a stranger's.
fn shots(models: &LabelModels, clean: bool, only_codes: bool) -> anyhow::Result<()> {
    // Where memory ends this process goes first, not the server. A system that does not let us say so decides by itself.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    // Before the models are loaded: most of what cannot be used shows here.
    let taken = each_shot(|file| {
        let whole = Whole::open(file)?;
        let sent = if clean { Some(whole.clean()?) } else { None };
        Ok((whole.shot(), sent))
    });
    let (shots, sent): (Vec<_>, Vec<_>) = match taken? {
        Ok(taken) => taken.into_iter().unzip(),
        Err(why) => return out::line(serde_json::to_string(&Told::Shot(why))?),
    };
    let front = shots.first().context("there is no shot")?.photo()?;
    let mut codes: Vec<Code> = Vec::new();
    for code in shots.iter().flat_map(|shot| codes::read(&shot.fine)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let told = if clean {
        Told::Clean { pictures: sent.into_iter().flatten().map(Into::into).collect(), codes }
    } else if only_codes || codes.iter().any(is_ours) {
        // A label of our own says all that is to be known.
        Told::Read { pages: Vec::new(), label: Box::default(), codes }
    } else {
        told(models, &shots, codes)?
    };
    out::line(serde_json::to_string(&told)?)?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&front).and_then(|()| stdout.flush()).context("the photo cannot be passed on")
}

/// Takes the shots in; one that cannot be used is told.
fn each_shot<T>(take: impl Fn(&[u8]) -> Result<T, PictureError>) -> anyhow::Result<Result<Vec<T>, String>> {
    let mut taken = Vec::new();
    while let Some(shot) = next_shot(&mut std::io::stdin())? {
        anyhow::ensure!(taken.len() < MOST_SHOTS, "there are more than {MOST_SHOTS} shots");
        match take(&shot) {
            Ok(one) => taken.push(one),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    Ok(Ok(taken))
}

fn told(models: &LabelModels, shots: &[Shot], codes: Vec<Code>) -> anyhow::Result<Told> {
    let pages = match folder(models) {
        Some(folder) => {
            let reader = LocalReader::open(&folder)?;
            shots.iter().map(|shot| page(&reader, &shot.picture)).collect::<Result<Vec<_>, _>>()?
        }
        // A code is better than nothing where no reader is set up.
        None if codes.is_empty() => return Ok(Told::Missing(MISSING.to_owned())),
        None => Vec::new(),
    };
    let label = Box::new(labels::parse(&pages, config::now().year()));
    Ok(Told::Read { pages, label, codes })
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

fn evaluate(reader: &dyn Reader, dir: &Path, vintages: Option<&Path>, bent: u8, json: bool) -> anyhow::Result<()> {
    let start = Instant::now();
    let report = eval::run(reader, dir, vintages, bent.into(), config::now().year(), &|| start.elapsed().as_secs_f64());
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
