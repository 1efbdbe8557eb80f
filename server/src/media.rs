//! The stored pictures, by id only: no path ever comes from the request.

use std::{path::PathBuf, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use models::{
    db::racks,
    ids::{BinId, CalibrationId, RackId, ScanId},
};

use crate::{
    calibrate::Pictures,
    config::DataDir,
    extract::ApiPath,
    labels::Photos,
    nas::fetch::Fetch,
    problem::Problem,
    state::Store,
    worker::{artifacts, layout, reference},
};

/// A disk may hang: after this long the page gets an answer all the same.
const DEADLINE: Duration = Duration::from_secs(5);

/// `/media/scans/{id}/{picture}`: frame.jpg, rectified.jpg or annotated.jpg.
pub(crate) async fn scan_picture(
    State(data): State<DataDir>,
    State(nas): State<Fetch>,
    ApiPath((scan, picture)): ApiPath<(ScanId, String)>,
) -> Result<Response, Problem> {
    if !["frame.jpg", "rectified.jpg", "annotated.jpg"].contains(&picture.as_str()) {
        return Err(Problem::not_found(format!(
            "a scan has frame.jpg, rectified.jpg and annotated.jpg, not `{picture}`"
        )));
    }
    kept(&data, &nas, &scan, &picture).await
}

/// `/media/scans/{id}/bins/{bin}.jpg`
pub(crate) async fn scan_bin(
    State(data): State<DataDir>,
    State(nas): State<Fetch>,
    ApiPath((scan, picture)): ApiPath<(ScanId, String)>,
) -> Result<Response, Problem> {
    kept(&data, &nas, &scan, &format!("bins/{}", bin_file(&picture)?)).await
}

/// `/media/bins/{bin}.jpg`: the latest crop.
pub(crate) async fn bin(State(data): State<DataDir>, ApiPath(picture): ApiPath<String>) -> Result<Response, Problem> {
    send(data.cells().join(bin_file(&picture)?), false).await
}

/// `/media/calibration/{picture}.jpg`: a picture that is being drawn on.
pub(crate) async fn draft(State(data): State<DataDir>, ApiPath(picture): ApiPath<String>) -> Result<Response, Problem> {
    let path = picture.strip_suffix(".jpg").and_then(|id| Pictures::of(&data).draft_path(id));
    send(path.ok_or_else(|| Problem::not_found("there is no such picture"))?, true).await
}

/// `/media/calibrations/{calibration}.jpg`: the picture that a version was drawn on.
pub(crate) async fn calibration(
    State(data): State<DataDir>,
    ApiPath(picture): ApiPath<String>,
) -> Result<Response, Problem> {
    let id = picture.strip_suffix(".jpg").map(CalibrationId::from);
    let path = id.and_then(|id| Pictures::of(&data).version_path(&id));
    send(path.ok_or_else(|| Problem::not_found("there is no such picture"))?, true).await
}

/// `/media/labels/{vintage}.jpg`: the photo of the label that is kept with a vintage.
pub(crate) async fn label(State(data): State<DataDir>, ApiPath(picture): ApiPath<String>) -> Result<Response, Problem> {
    let path = picture.strip_suffix(".jpg").and_then(|id| Photos::of(&data).path(&id.into()));
    send(path.ok_or_else(|| Problem::not_found("there is no such picture"))?, false).await
}

/// `/media/references/{rack}.jpg`: what the rack looked like when its calibration was right.
pub(crate) async fn reference(
    State(store): State<Store>,
    State(data): State<DataDir>,
    ApiPath(picture): ApiPath<String>,
) -> Result<Response, Problem> {
    let none = || Problem::not_found("there is no such picture (yet)");
    let rack = picture.strip_suffix(".jpg").map(RackId::from).ok_or_else(none)?;
    let rack = store.read(move |conn| racks::rack_get(conn, &rack)).await?;
    let read = tokio::task::spawn_blocking(move || {
        let layout = layout::of(&store.0, &rack).ok()?;
        let kept = reference::read(&reference::path(&data, &rack.id, &layout).ok()?).ok()??;
        artifacts::jpeg(&image::DynamicImage::from(kept.picture().clone()).to_rgb8()).ok()
    });
    in_time(read).await?.map(|bytes| jpeg(bytes, false)).ok_or_else(none)
}

fn snapshot(data: &DataDir, scan: &ScanId) -> Result<PathBuf, Problem> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if scan.as_str().is_empty() || scan.as_str().len() > 64 || !scan.as_str().bytes().all(plain) {
        return Err(Problem::not_found("there is no such scan"));
    }
    Ok(data.snapshots().join(scan.as_str()))
}

fn bin_file(picture: &str) -> Result<String, Problem> {
    match picture.strip_suffix(".jpg").map(BinId::from) {
        Some(bin) if bin.is_valid() => Ok(format!("{bin}.jpg")),
        _ => Err(Problem::not_found("a bin's picture is named <bin>.jpg")),
    }
}

/// A scan's picture from the data folder, or from the NAS where the data folder has been cleared of it.
async fn kept(data: &DataDir, nas: &Fetch, scan: &ScanId, picture: &str) -> Result<Response, Problem> {
    match send(snapshot(data, scan)?.join(picture), true).await {
        Err(missing) if missing.status == 404 => match nas.get(&format!("snapshots/{scan}/{picture}")).await {
            Some(content) => Ok(jpeg(content, true)),
            None => Err(missing),
        },
        sent => sent,
    }
}

async fn send(path: PathBuf, for_ever: bool) -> Result<Response, Problem> {
    let read = tokio::task::spawn_blocking(move || std::fs::read(path));
    let data = in_time(read).await?.map_err(|_| Problem::not_found("there is no such picture (yet)"))?;
    Ok(jpeg(data, for_ever))
}

async fn in_time<T>(read: tokio::task::JoinHandle<T>) -> Result<T, Problem> {
    match tokio::time::timeout(DEADLINE, read).await {
        Err(_) => Err(Problem::unavailable("the pictures' folder does not answer; is the NAS away?")),
        Ok(read) => Ok(read?),
    }
}

fn jpeg(data: Vec<u8>, for_ever: bool) -> Response {
    let cache = if for_ever { "private, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, data).into_response()
}
