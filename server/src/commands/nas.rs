//! `winecellar nas …`

use std::{
    fs::{self, File, TryLockError},
    io::Write,
    path::{Component, Path},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    cli::{self, Place},
    config,
    exit::Ended,
    nas::{
        Nas, deadline,
        mirror::{self, Done},
        status::Status,
    },
    out,
};

/// Does what was asked.
pub(crate) fn run(place: &Place, args: cli::Nas) -> anyhow::Result<()> {
    match args {
        cli::Nas::Init { same_disk } => init(place, same_disk),
        cli::Nas::Sync { verify, deadline } => sync(place, verify, Duration::from_secs(deadline)),
        cli::Nas::Status => status(place),
        cli::Nas::Fetch { name } => fetch(place, &name),
    }
}

fn named(place: &Place) -> anyhow::Result<Nas> {
    let usage = || Ended::Usage("no NAS is named: set WINECELLAR_NAS_DIR to the folder it is mounted at".to_owned());
    Ok(place.nas().ok_or_else(usage)?)
}

fn init(place: &Place, same_disk: bool) -> anyhow::Result<()> {
    let nas = named(place)?;
    let data = place.data().ensure()?.to_path_buf();
    let shown = nas.path().display().to_string();
    deadline::run(deadline::STEP, move |steps| nas.mark(&data, same_disk, steps))?;
    out::line(format_args!("{shown} is marked as the NAS; `winecellar nas sync` copies everything to it"))
}

/// One run at a time; how it went is kept for the health page, also when it failed.
fn sync(place: &Place, verify: bool, step: Duration) -> anyhow::Result<()> {
    let Some(nas) = place.nas() else { return out::line("no NAS is set (WINECELLAR_NAS_DIR): nothing to do") };
    let data = place.data();
    data.ensure()?;
    fs::create_dir_all(data.nas()).with_context(|| format!("cannot make {}", data.nas().display()))?;
    let lock = File::create(data.nas().join("sync.lock")).context("cannot open the lock of the sync")?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(Ended::Busy("a sync of the NAS".to_owned()).into()),
        locked => locked.context("cannot lock the sync")?,
    }
    let (shared, at) = (data.clone(), nas.path().display().to_string());
    let done = deadline::run(step, move |steps| mirror::sync(&shared, &nas, verify, steps));
    let message = match &done {
        Ok(Done { copied, there }) => format!("{copied} files copied to {at}, which has all {there} scans and results"),
        Err(error) => format!("{error:#}"),
    };
    Status { at: config::now(), ok: done.is_ok(), message: message.clone() }.write(&data)?;
    match done {
        Ok(_) => out::line(message),
        Err(error) => {
            let waiting = mirror::waiting(&data)?;
            Err(error.context(format!("{waiting} scans and results wait in the data folder")))
        }
    }
}

fn status(place: &Place) -> anyhow::Result<()> {
    let nas = named(place)?;
    let waiting = mirror::waiting(&place.data())?;
    match Status::read(&place.data()) {
        None => out::line(format_args!("{}: no sync yet, {waiting} scans and results wait", nas.path().display())),
        Some(last) => {
            let at = last.at.format("%F %T");
            out::line(format_args!(
                "{}: {waiting} scans and results wait; {at} UTC: {}",
                nas.path().display(),
                last.message
            ))
        }
    }
}

fn fetch(place: &Place, name: &str) -> anyhow::Result<()> {
    let nas = named(place)?;
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(plain, "`{name}` is no path below the NAS");
    let path = nas.path().join(name);
    let content = deadline::run(deadline::STEP, move |steps| {
        nas.check(steps)?;
        steps.next("read a picture");
        fs::read(&path).with_context(|| path.display().to_string())
    })?;
    std::io::stdout().write_all(&content).context("stdout")
}
