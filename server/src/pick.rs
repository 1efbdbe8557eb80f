//! Pick to light: whoever looks for a wine sees its bin lit. LEDs along the rack, driven by WLED or ESPHome
//! ([docs/INTEGRATIONS.md](../../docs/INTEGRATIONS.md)). Nobody waits for a lamp.

mod found;
mod lamp;
mod order;
mod plan;

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use models::{
    db::{Db, DbError, racks},
    ids::BinId,
};
use tokio::sync::{mpsc, watch};

pub(crate) use found::on_find;
use lamp::{Lamp, Say};
use plan::Plan;

use crate::tell::Publisher;

/// Wishes that may wait; who taps faster than lamps answer sees the last one lit.
const WAITING: usize = 8;

/// Lights bins. Clones share the lamps.
#[derive(Clone)]
pub(crate) struct Lights(Option<Arc<Kept>>);

struct Kept {
    plan: Plan,
    wishes: mpsc::Sender<Vec<BinId>>,
}

impl Lights {
    /// No lamps: as long as no file is named.
    fn none() -> Self {
        Self(None)
    }

    /// Reads the file and starts the task that drives the lamps; the error says what of the file cannot be used.
    pub(crate) fn start(
        file: Option<&Path>,
        db: &Db,
        publisher: Option<Publisher>,
        stopping: watch::Receiver<bool>,
    ) -> (Self, Option<String>) {
        let Some(file) = file else { return (Self::none(), None) };
        let plan = match Plan::read(file) {
            Ok(plan) if plan.needs_broker() && publisher.is_none() => {
                let why = "a rack is lit by MQTT, and no broker is set: WINECELLAR_MQTT";
                return (Self::none(), Some(format!("WINECELLAR_LIGHTS {}: {why}", file.display())));
            }
            Ok(plan) => plan,
            Err(why) => return (Self::none(), Some(format!("WINECELLAR_LIGHTS {}: {why}", file.display()))),
        };
        let (wishes, waiting) = mpsc::channel(WAITING);
        let kept = Arc::new(Kept { plan, wishes });
        tokio::spawn(drive(kept.clone(), db.clone(), publisher, waiting, stopping));
        (Self(Some(kept)), None)
    }

    /// For how many seconds a bin would be lit; none where there are no lamps.
    pub(crate) fn seconds(&self) -> Option<u64> {
        self.0.as_ref().map(|kept| kept.plan.seconds)
    }

    /// Whether a rack of that name has lamps.
    pub(crate) fn has(&self, rack: &str) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.plan.rack(rack).is_some())
    }

    /// Lights these bins, and no others; returns at once.
    pub(crate) fn show(&self, bins: Vec<BinId>) {
        if let Some(kept) = &self.0
            && kept.wishes.try_send(bins).is_err()
        {
            tracing::debug!("the lamps are busy");
        }
    }
}

/// Drives the lamps until the server stops, and leaves none lit.
async fn drive(
    kept: Arc<Kept>,
    db: Db,
    publisher: Option<Publisher>,
    mut waiting: mpsc::Receiver<Vec<BinId>>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut lit: Vec<Lamp> = Vec::new();
    let mut until = None;
    loop {
        let over = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let wish = tokio::select! {
            wish = waiting.recv() => wish,
            () = over => Some(Vec::new()),
            _ = stopping.changed() => None,
        };
        let end = wish.is_none();
        let next = match wish.filter(|bins| !bins.is_empty()) {
            Some(bins) => lamps(&kept, &db, bins).await,
            None => Vec::new(),
        };
        // What is lit on the same device is taken over, not switched off and on again.
        for lamp in lit.iter().filter(|lamp| !next.iter().any(|other| other.covers(lamp))) {
            told(lamp.say(Say::Off, publisher.as_ref()).await, lamp);
        }
        for lamp in &next {
            told(lamp.say(Say::On, publisher.as_ref()).await, lamp);
        }
        until = (!next.is_empty()).then(|| tokio::time::Instant::now() + Duration::from_secs(kept.plan.seconds));
        lit = next;
        if end {
            return;
        }
    }
}

fn told(done: Result<(), String>, lamp: &Lamp) {
    if let Err(why) = done {
        tracing::warn!(why, rack = lamp.rack(), "a lamp does not do as it is told");
    }
}

/// The lamps of these bins, one for each device.
async fn lamps(kept: &Arc<Kept>, db: &Db, bins: Vec<BinId>) -> Vec<Lamp> {
    let (kept, db) = (kept.clone(), db.clone());
    let read = tokio::task::spawn_blocking(move || {
        let wanted: BTreeSet<BinId> = bins.into_iter().collect();
        let (all, stand) = db.read(|conn| Ok::<_, DbError>((racks::bin_list(conn)?, racks::rack_list(conn)?)))?;
        let mut lamps = Vec::new();
        for rack in stand.iter().filter(|rack| !rack.archived) {
            let Some(wired) = kept.plan.rack(&rack.facts.name) else { continue };
            let own: Vec<_> = all.iter().filter(|bin| bin.rack_id == rack.id && bin.enabled).collect();
            if own.iter().any(|bin| wanted.contains(&bin.id)) {
                lamps.extend(Lamp::of(wired, &order::places(wired, &own), &wanted));
            }
        }
        Ok::<_, DbError>(lamps)
    });
    match read.await {
        Ok(Ok(lamps)) => lamps,
        failed => {
            tracing::warn!(?failed, "the bins to be lit cannot be looked up");
            Vec::new()
        }
    }
}
