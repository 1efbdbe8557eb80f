//! Pick to light: whoever looks for a wine sees its bin lit. LEDs along the rack, driven by WLED or ESPHome
//! ([docs/INTEGRATIONS.md](../../docs/INTEGRATIONS.md)). Nobody waits for a lamp.

mod found;
mod lamp;
mod order;
mod plan;

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use models::{db::racks, ids::BinId};
use tokio::{sync::watch, task::JoinHandle};

pub(crate) use found::on_find;
use lamp::{Lamp, Say};
use plan::Plan;

use crate::{state::Store, tell::Publisher};

/// When the server stops the lamps have this long to go dark, less than open connections have to end.
const LAST: Duration = Duration::from_millis(1500);

/// Lights bins. Clones share the lamps.
#[derive(Clone)]
pub(crate) struct Lights(Option<Arc<Kept>>);

struct Kept {
    plan: Plan,
    /// The last wish: who taps faster than lamps answer sees that one lit.
    wish: watch::Sender<Vec<BinId>>,
}

impl Lights {
    /// No lamps: as long as no file is named.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Reads the file and starts the task that drives the lamps; it ends when all are dark after a stop. The error says what of the
    /// file cannot be used.
    pub(crate) fn start(
        file: Option<&Path>,
        store: &Store,
        publisher: Option<Publisher>,
        stopping: watch::Receiver<bool>,
    ) -> Result<(Self, Option<JoinHandle<()>>), String> {
        let Some(file) = file else { return Ok((Self::none(), None)) };
        let named = |why: &str| format!("WINECELLAR_LIGHTS {}: {why}", file.display());
        let plan = Plan::read(file).map_err(|why| named(&why))?;
        if plan.needs_broker() && publisher.is_none() {
            return Err(named("a rack is lit by MQTT, and no broker is set: WINECELLAR_MQTT"));
        }
        let (wish, wishes) = watch::channel(Vec::new());
        let kept = Arc::new(Kept { plan, wish });
        let task = tokio::spawn(drive(kept.clone(), store.clone(), publisher, wishes, stopping));
        Ok((Self(Some(kept)), Some(task)))
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
        if let Some(kept) = &self.0 {
            kept.wish.send_replace(bins);
        }
    }
}

/// Drives the lamps until the server stops, and leaves none lit.
async fn drive(
    kept: Arc<Kept>,
    store: Store,
    publisher: Option<Publisher>,
    mut wishes: watch::Receiver<Vec<BinId>>,
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
            changed = wishes.changed() => changed.is_ok().then(|| wishes.borrow_and_update().clone()),
            () = over => Some(Vec::new()),
            _ = stopping.changed() => break,
        };
        let Some(bins) = wish else { break };
        let next = if bins.is_empty() { Vec::new() } else { lamps(&kept, &store, bins).await };
        // What is lit on the same device is taken over, not switched off and on again. One that is silent keeps none of the others
        // lit, least of all when the server stops.
        let over: Vec<&Lamp> = lit.iter().filter(|lamp| !next.iter().any(|other| other.covers(lamp))).collect();
        let change = async {
            say(Say::Off, &over, publisher.as_ref()).await;
            say(Say::On, &next.iter().collect::<Vec<_>>(), publisher.as_ref()).await;
        };
        let stops = tokio::select! {
            () = change => false,
            _ = stopping.changed() => true,
        };
        if stops {
            lit.extend(next);
            break;
        }
        until = (!next.is_empty()).then(|| tokio::time::Instant::now() + Duration::from_secs(kept.plan.seconds));
        lit = next;
    }
    drop(tokio::time::timeout(LAST, say(Say::Off, &lit.iter().collect::<Vec<_>>(), publisher.as_ref())).await);
}

/// Says it to all of them at the same time.
async fn say(what: Say, lamps: &[&Lamp], publisher: Option<&Publisher>) {
    let each = lamps.iter().map(|lamp| async { told(lamp.say(what, publisher).await, lamp) });
    futures::future::join_all(each).await;
}

fn told(done: Result<(), String>, lamp: &Lamp) {
    if let Err(why) = done {
        tracing::warn!(why, rack = lamp.rack(), "a lamp does not do as it is told");
    }
}

/// The lamps of these bins, one for each device.
async fn lamps(kept: &Kept, store: &Store, bins: Vec<BinId>) -> Vec<Lamp> {
    let (all, stand) = match store.read(|conn| Ok((racks::bin_list(conn)?, racks::rack_list(conn)?))).await {
        Ok(read) => read,
        Err(failed) => {
            tracing::warn!(?failed, "the bins to be lit cannot be looked up");
            return Vec::new();
        }
    };
    let wanted: BTreeSet<BinId> = bins.into_iter().collect();
    let mut lamps = Vec::new();
    for rack in stand.iter().filter(|rack| !rack.archived) {
        let Some(wired) = kept.plan.rack(&rack.facts.name) else { continue };
        let own: Vec<_> = all.iter().filter(|bin| bin.rack_id == rack.id && bin.enabled).collect();
        if own.iter().any(|bin| wanted.contains(&bin.id)) {
            lamps.extend(Lamp::of(wired, &order::places(wired, &own), &wanted));
        }
    }
    lamps
}
