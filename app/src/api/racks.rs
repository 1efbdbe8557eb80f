//! The planogram: racks, their bins, and what book and camera say of each.

use leptos::prelude::*;
use models::{bin::Rack, ids::ScanId};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::{error::AppError, planogram::Cell};

/// A rack to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RackPlan {
    /// The rack.
    pub rack: Rack,
    /// Its bins that are in use.
    pub cells: Vec<Cell>,
    /// The last scan that could read the rack: its photo can lie under the drawing.
    pub photo: Option<ScanId>,
}

/// Reads every rack with its bins.
#[server(input = GetUrl)]
pub async fn get_racks() -> Result<Vec<RackPlan>, AppError> {
    use std::collections::HashMap;

    use models::{
        db::{racks::*, scans::scan_list},
        scan::ScanStatus::Ok as Read,
    };
    let ctx = crate::ctx::AppCtx::get()?;
    let catalogue = ctx.catalogue.clone();
    ctx.read(move |conn, _| {
        let (racks, bins) = (rack_list(conn)?, bin_list(conn)?);
        let scans = scan_list(conn, None, 60)?;
        let summary: HashMap<_, _> = catalogue.bin_summary(conn)?.into_iter().map(|s| (s.st_bin.clone(), s)).collect();
        let photo = |rack: &Rack| scans.iter().find(|s| s.status == Read && s.rack_id == rack.id).map(|s| s.id.clone());
        let of_rack = |rack: &Rack| {
            let bins = bins.iter().filter(|b| b.enabled && b.rack_id == rack.id);
            bins.map(|b| Cell::new(b, summary.get(&b.id))).collect()
        };
        Ok(racks.into_iter().map(|rack| RackPlan { cells: of_rack(&rack), photo: photo(&rack), rack }).collect())
    })
    .await
}
