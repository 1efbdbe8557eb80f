//! The demo's book: wines, the rack of the rendered scene, and a bottle for every bottle in it.

use models::{
    bin::{Bin, RackFacts, RackKind},
    db::{
        Conn, Db, DbError,
        bottles::{self, BottleFilter},
        listed, movements, racks, vintages, wines,
    },
    ids::{BinId, VintageId},
    movement::{Actor, MovementRequest, Source},
    window::Window,
};
use vision::render::Scene;

use super::wines::WINES;
use crate::config;

/// Whether the cellar has a rack, a wine or a bottle.
pub(super) fn holds_anything(db: &Db) -> anyhow::Result<bool> {
    Ok(db.read(|conn| {
        Ok::<_, DbError>(
            !racks::rack_list(conn)?.is_empty()
                || !wines::wine_list(conn, None, None, 1)?.is_empty()
                || !bottles::bottle_list(conn, &BottleFilter::default(), None, 1, 0)?.is_empty(),
        )
    })?)
}

/// Writes everything in one transaction; returns the number of bottles.
pub(super) fn fill(db: &Db, scene: &Scene) -> anyhow::Result<usize> {
    let truth = scene.truth();
    Ok(db.write(|conn| fill_in_txn(conn, scene, &truth))?)
}

fn fill_in_txn(conn: &mut Conn, scene: &Scene, truth: &[(String, u32)]) -> Result<usize, DbError> {
    let actor = Actor { name: "demo".to_owned(), source: Source::Import };
    catalogue(conn, &actor)?;
    rack(conn, scene, &actor)?;
    let vintages = vintages(conn, &actor)?;
    let mut bottles = 0;
    for (bin_number, (bin, count)) in truth.iter().enumerate() {
        for n in 0..usize::try_from(*count).unwrap_or(0) {
            // Neighbours in a bin are mostly of one wine, as in a real rack; every third is a guest.
            let wine = if n % 3 == 2 { bin_number * 5 + n } else { bin_number };
            let vintage_id = vintages[wine % vintages.len()].clone();
            let request = MovementRequest::receipt(vintage_id, Some(BinId(bin.clone())));
            movements::movement_apply(conn, &request, &actor, config::now())?;
            bottles += 1;
        }
    }
    Ok(bottles)
}

/// 100 wines of X-Wines (github.com/rogerioxavier/X-Wines, CC0 1.0; doi:10.3390/bdcc7010020), for labels to be found among.
fn catalogue(conn: &mut Conn, actor: &Actor) -> Result<(), DbError> {
    let wines = models::import::listed::wines(include_bytes!("xwines.csv"))?;
    listed::catalogue_put(conn, "X-Wines", &wines, actor, config::now())?;
    Ok(())
}

/// Enters the scene's rack with its bins.
pub(crate) fn rack(conn: &mut Conn, scene: &Scene, actor: &Actor) -> Result<(), DbError> {
    let layout = scene.layout();
    let pixels = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let rack = racks::rack_insert(
        conn,
        &RackFacts {
            name: "Demo rack".to_owned(),
            corners: layout.corners,
            frame_width: pixels(layout.frame[0]),
            frame_height: pixels(layout.frame[1]),
            rectified_width: pixels(layout.rectified[0]),
            rectified_height: pixels(layout.rectified[1]),
            ..RackFacts::blank(RackKind::Grid)
        },
        actor,
        config::now(),
    )?;
    for bin in layout.bins {
        let bin = Bin {
            id: BinId(bin.id),
            rack_id: rack.id.clone(),
            polygon: bin.polygon,
            capacity: pixels(bin.capacity),
            enabled: true,
            revision: 1,
        };
        racks::bin_insert(conn, &bin, actor, config::now())?;
    }
    Ok(())
}

/// Enters the wines.
pub(crate) fn vintages(conn: &mut Conn, actor: &Actor) -> Result<Vec<VintageId>, DbError> {
    let mut ids = Vec::new();
    for entry in WINES {
        let wine = wines::wine_insert(conn, &entry.wine(), actor, config::now())?;
        let own = entry.window.map_or(Window::default(), |(from, to)| Window::years(Some(from), Some(to)));
        ids.push(vintages::vintage_ensure(conn, &wine.id, entry.year, own, actor, config::now())?.id);
    }
    Ok(ids)
}
