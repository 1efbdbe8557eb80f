//! The cameras one can choose from, and a picture of one of them.

use std::{path::Path, time::Duration};

use image::RgbImage;
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use vision::{
    capture::{self, Shots},
    source::SourceSpec,
};

use crate::{
    config::DataDir,
    problem::Problem,
    worker::{camera, lock::ScanLock, snapshot},
};

/// Where Raspberry Pi OS has the program of its camera.
const PI_PROGRAM: &str = "/usr/bin/rpicam-still";
/// One picture at a time: a camera has one stream.
static CAMERA: Semaphore = Semaphore::const_new(1);
/// A driver that hangs is not waited for longer.
const LOOK: Duration = Duration::from_secs(5);
const SHOT: Duration = Duration::from_secs(12);

/// A camera that can be chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FoundCamera {
    /// How it is named when it is chosen; empty: the camera of the settings.
    #[schema(example = "v4l2:/dev/v4l/by-id/usb-046d_C920-video-index0")]
    camera: String,
    /// What it calls itself.
    title: String,
    /// Its modes, as they are written behind its name; the first is its largest.
    modes: Vec<String>,
}

/// All there are: those plugged in, and the Pi's own where its program is there.
pub(crate) async fn list() -> Vec<FoundCamera> {
    let look = tokio::task::spawn_blocking(capture::webcams);
    let webcams = tokio::time::timeout(LOOK, look).await.ok().and_then(Result::ok).unwrap_or_default();
    let mut found: Vec<FoundCamera> = webcams
        .into_iter()
        .map(|webcam| FoundCamera {
            camera: format!("v4l2:{}", webcam.device.display()),
            title: webcam.title,
            modes: webcam.modes.iter().map(|(format, w, h)| format!("?size={w}x{h}&format={format}")).collect(),
        })
        .collect();
    if Path::new(PI_PROGRAM).exists() {
        found.push(FoundCamera { camera: camera::PI.to_owned(), title: "Raspberry Pi".to_owned(), modes: Vec::new() });
    }
    found
}

/// Takes one picture. Not while a scan is under way; one that begins meanwhile tries again until it has the camera.
pub(crate) async fn shoot(spec: SourceSpec, data: DataDir) -> Result<RgbImage, Problem> {
    let busy = || Problem::unavailable("the camera is being used; try again in a moment");
    let turn = CAMERA.try_acquire().map_err(|_| busy())?;
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        drop(ScanLock::take(&data.lock()).map_err(|error| Problem::scan_running(format!("{error:#}")))?);
        let shots = Shots { frames: 1, ..snapshot::shots() };
        let mut burst = capture::capture(&spec, &shots, SHOT).map_err(|error| {
            Problem::field("camera", format!("{error}; is it plugged in, and does another program hold it?"))
        })?;
        let frame = burst.frames.pop().ok_or_else(|| Problem::field("camera", "sent no picture"))?;
        Ok(frame.image)
    })
    .await?
}
