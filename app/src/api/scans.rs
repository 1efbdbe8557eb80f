//! Scans: what the camera saw, and the order to look again.

use leptos::prelude::*;
use models::{
    Instant,
    ids::ScanId,
    scan::{Reading, Scan},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::Done;
use crate::error::AppError;

/// The list of scans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScansPage {
    /// Newest first.
    pub scans: Vec<Scan>,
    /// The server's clock.
    pub now: Instant,
}

/// One scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScanPage {
    /// The scan.
    pub scan: Scan,
    /// Whether a frame was kept of it.
    pub pictured: bool,
    /// What it saw, bin by bin.
    pub readings: Vec<Reading>,
    /// The server's clock.
    pub now: Instant,
}

/// The newest scans.
#[server(input = GetUrl)]
pub async fn get_scans() -> Result<ScansPage, AppError> {
    use models::db::scans::scan_list;
    crate::ctx::AppCtx::get()?
        .read(|conn, now| {
            let scans = scan_list(conn, None, 40)?.into_iter().map(in_our_words).collect();
            Ok(ScansPage { scans, now })
        })
        .await
}

/// One scan with its readings.
#[server(input = GetUrl)]
pub async fn get_scan(id: ScanId) -> Result<ScanPage, AppError> {
    use models::db::scans::{reading_list, scan_get};
    let ctx = crate::ctx::AppCtx::get()?;
    let frame = ctx.snapshots.join(id.as_str()).join("frame.jpg");
    ctx.read(move |conn, now| {
        let scan = in_our_words(scan_get(conn, &id)?);
        let mut readings = reading_list(conn, &id)?;
        for reading in &mut readings {
            reading.needs_look = reading.needs_look.as_deref().map(crate::texts::in_our_words);
        }
        Ok(ScanPage { scan, pictured: frame.is_file(), readings, now })
    })
    .await
}

/// The camera's own words, why it could not see, in the language of the page.
#[cfg(feature = "ssr")]
pub(crate) fn in_our_words(scan: Scan) -> Scan {
    Scan { message: crate::texts::in_our_words(&scan.message), ..scan }
}

/// Starts a scan. Its result comes by the event stream.
#[server]
pub async fn scan_now() -> Result<Done, AppError> {
    use crate::error::ErrorCode;
    let ctx = crate::ctx::AppCtx::get()?;
    (ctx.start_scan)().map_err(|who| AppError::new(ErrorCode::Conflict, who))?;
    Ok(Done { text: crate::texts::camera_is_looking().into(), undo: None })
}
