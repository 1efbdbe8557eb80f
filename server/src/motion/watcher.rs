//! Keeps the process that watches the camera, where one is to.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    sync::watch,
};

use super::{Motion, frames};
use crate::cli::{Lanes, Place};

/// A watcher that has ended is started again after this long.
const AGAIN: Duration = Duration::from_secs(30);

/// Watches until the server stops; does nothing where no source is named.
pub(crate) async fn run(motion: Motion, lanes: Lanes, place: Place, mut stopping: watch::Receiver<bool>) {
    let Some(source) = lanes.watch.clone().filter(|text| !text.trim().is_empty()) else { return };
    loop {
        let watched = tokio::select! {
            watched = once(&motion, &lanes, &place, &source) => watched,
            _ = stopping.changed() => return,
        };
        tracing::warn!(?watched, "the watcher of the camera has ended; it is started again");
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            _ = stopping.changed() => return,
        }
    }
}

async fn once(motion: &Motion, lanes: &Lanes, place: &Place, source: &str) -> std::io::Result<()> {
    let mut child = Command::new("/proc/self/exe")
        .args(["stock", "watch", "--every", &lanes.watch_every.to_string(), "--cpu", &lanes.watch_cpu.to_string()])
        // By environment: a source may hold a password, and arguments can be seen by everybody.
        .env("WINECELLAR_WATCH", source)
        .env("WINECELLAR_DATA_DIR", &place.data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let Some(out) = child.stdout.take() else { return Ok(()) };
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await? {
        if line == frames::WORD {
            motion.seen("the camera");
        }
    }
    child.wait().await.map(drop)
}
