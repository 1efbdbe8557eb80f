//! The pictures of a rack or a bin over time, and when a bin's count changed.

use leptos::prelude::*;
use models::{
    Instant,
    archive::Look,
    ids::{BinId, RackId},
};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::movements::MovementLine;
use crate::error::AppError;

/// How many looks back the archive goes: more than a year of nights.
#[cfg(feature = "ssr")]
const LOOKS: i64 = 400;
/// How many changes of a bin are told.
#[cfg(feature = "ssr")]
const CHANGES: usize = 30;

/// A change that the camera saw, and what was written down meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenChange {
    /// The last look before.
    pub before: Look,
    /// The first look after.
    pub after: Look,
    /// The movements between them.
    pub movements: Vec<MovementLine>,
}

/// The archive of a rack, or of one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArchivePage {
    /// All racks, by id and name.
    pub racks: Vec<(RackId, String)>,
    /// The rack whose pictures these are.
    pub rack: RackId,
    /// The bin; none = the whole rack.
    pub bin: Option<BinId>,
    /// The looks whose pictures are still there, oldest first.
    pub looks: Vec<Look>,
    /// Newest first; only of a bin.
    pub changes: Vec<SeenChange>,
    /// The server's clock.
    pub now: Instant,
}

/// Reads the archive of `bin`, or of `rack`; of the first rack where neither is named.
#[server(input = GetUrl)]
pub async fn get_archive(
    #[server(default)] rack: String,
    #[server(default)] bin: String,
) -> Result<ArchivePage, AppError> {
    use models::{
        archive,
        db::{DbError, archive::*, racks::*},
    };
    let ctx = crate::ctx::AppCtx::get()?;
    let snapshots = ctx.snapshots.clone();
    ctx.read(move |conn, now| {
        let racks: Vec<_> = rack_list(conn)?.into_iter().map(|rack| (rack.id, rack.facts.name)).collect();
        let bin = match bin.is_empty() {
            true => None,
            false => Some(bin_get(conn, &bin.as_str().into())?),
        };
        let named =
            bin.as_ref().map(|bin| bin.rack_id.clone()).or(Some(RackId(rack)).filter(|rack| !rack.0.is_empty()));
        let Some(rack) = named.or_else(|| racks.first().map(|rack| rack.0.clone())) else {
            return Err(DbError::NotFound(crate::texts::no_rack_yet().to_owned()));
        };
        if !racks.iter().any(|known| known.0 == rack) {
            return Err(DbError::NotFound(format!("There is no rack {rack}.")));
        }
        let bin = bin.map(|bin| bin.id);
        let looks = match &bin {
            Some(bin) => looks_at_bin(conn, bin, LOOKS)?,
            None => looks_at_rack(conn, &rack, LOOKS)?,
        };
        let mut changes = archive::changes(&looks);
        changes.reverse();
        changes.truncate(CHANGES);
        let changes = told(conn, bin.as_ref(), changes)?;
        let picture = |look: &Look| match &bin {
            Some(bin) => snapshots.join(look.scan.as_str()).join("bins").join(format!("{bin}.jpg")),
            None => snapshots.join(look.scan.as_str()).join("rectified.jpg"),
        };
        let looks = looks.into_iter().filter(|look| picture(look).is_file()).collect();
        Ok(ArchivePage { racks, rack, bin, looks, changes, now })
    })
    .await
}

/// Finds what was written down between the looks.
#[cfg(feature = "ssr")]
fn told(
    conn: &mut models::db::Conn,
    bin: Option<&BinId>,
    changes: Vec<(Look, Look)>,
) -> Result<Vec<SeenChange>, models::db::DbError> {
    use models::db::movements::*;
    let Some(bin) = bin.filter(|_| !changes.is_empty()) else { return Ok(Vec::new()) };
    let filter = MovementFilter { bin: Some(bin.clone()), ..Default::default() };
    let moved = movement_list(conn, &filter, None, 500)?;
    let lines = super::movements::with_titles(conn, moved)?;
    let between = |before: &Look, after: &Look| {
        let within = |line: &&MovementLine| line.movement.at > before.at && line.movement.at <= after.at;
        lines.iter().filter(within).cloned().collect()
    };
    let told = |(before, after): (Look, Look)| SeenChange { movements: between(&before, &after), before, after };
    Ok(changes.into_iter().map(told).collect())
}
