//! The stored pictures, by id only: no path ever comes from the request.

use std::{path::PathBuf, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use models::ids::{BinId, ScanId};

use crate::{config::DataDir, extract::ApiPath, nas::fetch::Fetch, problem::Problem};

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
    let data = match tokio::time::timeout(DEADLINE, read).await {
        Err(_) => return Err(Problem::unavailable("the pictures' folder does not answer; is the NAS away?")),
        Ok(read) => read?.map_err(|_| Problem::not_found("there is no such picture (yet)"))?,
    };
    Ok(jpeg(data, for_ever))
}

fn jpeg(data: Vec<u8>, for_ever: bool) -> Response {
    let cache = if for_ever { "private, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, data).into_response()
}
