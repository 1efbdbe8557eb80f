//! Racks with the versions of their calibration.

use leptos::prelude::*;
use models::{
    Instant,
    bin::Rack,
    calibration::{Calibration, PlacedBin},
    ids::{BinId, ScanId},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// Versions that are listed.
#[cfg(feature = "ssr")]
const LISTED: i64 = 50;

/// A rack and what is known of its calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibratedRack {
    /// The rack.
    pub rack: Rack,
    /// Its bins, in use or not.
    pub bins: Vec<PlacedBin>,
    /// The newest version; none before the first.
    pub last: Option<Calibration>,
    /// Whether rack and bins still are as the newest version has them.
    pub stands: bool,
}

/// What the pages of calibration show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationPage {
    /// All racks; or the one that was asked for.
    pub racks: Vec<CalibratedRack>,
    /// Its versions, newest first; of one rack only.
    pub versions: Vec<Calibration>,
    /// Bins of the newest version in which more bottles were counted than the book has: the bin, counted, in the book.
    pub unplaced: Vec<(BinId, i32, i32)>,
    /// Its newest scan with a picture; of one rack only.
    pub scan: Option<ScanId>,
    /// Whether whoever looks may calibrate.
    pub may: bool,
    /// The server's clock.
    pub now: Instant,
}

/// Reads all racks, or the one named.
#[server(input = GetUrl)]
pub async fn get_calibration(rack: String) -> Result<CalibrationPage, AppError> {
    use models::db::{calibrations, racks, users};
    let ctx = crate::ctx::AppCtx::get()?;
    let (visitor, snapshots) = (ctx.visitor.clone(), ctx.snapshots.clone());
    ctx.read(move |conn, now| {
        let may = users::may_manage(conn, visitor.role, &visitor.scopes, visitor.user.as_ref())?;
        let wanted = (!rack.is_empty()).then(|| models::ids::RackId(rack));
        let list = match &wanted {
            Some(id) => vec![racks::rack_get(conn, id)?],
            None => racks::rack_list(conn)?,
        };
        let known = |rack: Rack, conn: &mut models::db::Conn| {
            let last = calibrations::calibration_last(conn, &rack.id)?;
            let bins: Vec<_> = racks::bins_of(conn, &rack.id)?.iter().map(PlacedBin::from).collect();
            let stands = last.as_ref().is_some_and(|last| calibrations::is_in_force(last, &rack, &bins));
            Ok::<_, models::db::DbError>(CalibratedRack { rack, bins, last, stands })
        };
        let racks = list.into_iter().map(|rack| known(rack, conn)).collect::<Result<Vec<_>, _>>()?;
        let (versions, scan) = match &wanted {
            None => (Vec::new(), None),
            Some(id) => {
                let scan = newest_frame(conn, id, &snapshots)?.map(|(scan, _)| scan);
                (calibrations::calibration_list(conn, id, LISTED)?, scan)
            }
        };
        let unplaced = match versions.first() {
            None => Vec::new(),
            Some(newest) => unplaced(conn, newest)?,
        };
        Ok(CalibrationPage { racks, versions, unplaced, scan, may, now })
    })
    .await
}

/// The newest scan of a rack whose picture is still in the data folder, of its last forty, and where that lies.
#[cfg(feature = "ssr")]
pub fn newest_frame(
    conn: &mut models::db::Conn,
    rack: &models::ids::RackId,
    snapshots: &std::path::Path,
) -> Result<Option<(ScanId, std::path::PathBuf)>, models::db::DbError> {
    let looks = models::db::archive::looks_at_rack(conn, rack, 40)?.into_iter().rev();
    let framed = looks.map(|look| (look.scan.clone(), snapshots.join(look.scan.as_str()).join("frame.jpg")));
    Ok(framed.into_iter().find(|(_, path)| path.exists()))
}

/// Where more bottles were counted in a version's picture than the book has by now.
#[cfg(feature = "ssr")]
fn unplaced(conn: &mut models::db::Conn, version: &Calibration) -> Result<Vec<(BinId, i32, i32)>, models::db::DbError> {
    let book = models::db::racks::bin_summary(conn)?;
    let more = book.into_iter().filter_map(|bin| {
        let counted = *version.counts.get(&bin.st_bin)?;
        (counted > bin.qty).then_some((bin.st_bin, counted, bin.qty))
    });
    Ok(more.collect())
}
