//! The task of one target: queues what has happened, delivers what is due, and tries again what failed.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use models::db::{
    DbError,
    outbox::{self, Delivery},
};

use super::{Channel, Failure, Office};
use crate::config;

/// So long a server says that it delivers, and after half of it says so again.
const HELD: Duration = Duration::from_secs(600);
/// A database that failed is asked again after this long.
const AGAIN: Duration = Duration::from_secs(5);
/// Even while nothing happens the outbox is looked at so often.
const IDLE: Duration = Duration::from_secs(60);
/// What is being delivered when the server stops has this long to be done; what is not is delivered again.
const LAST: Duration = Duration::from_secs(1);
/// Deliveries that are read at one go.
const MOST: i64 = 20;

/// Where the task stands.
struct Desk {
    office: Office,
    channel: Channel,
    first: bool,
    /// Until when this server has said that it delivers.
    held: Option<Instant>,
    /// The delivery by which the target was seen to be away. For how long it is left alone the outbox says, where
    /// `winecellar tell retry` can shorten it.
    away: Option<String>,
}

/// Serves the target until the server stops. The `first` of the targets decides which server tells of problems.
pub(super) async fn run(office: Office, channel: Channel, first: bool) {
    let mut desk = Desk { office, channel, first, held: None, away: None };
    let mut stopping = desk.office.stopping.clone();
    loop {
        let stopped = async {
            // An error: who would say so has gone.
            drop(stopping.wait_for(|stops| *stops).await);
            tokio::time::sleep(LAST).await;
        };
        let round = tokio::select! {
            round = desk.round() => round,
            () = stopped => break,
        };
        let wait = match round {
            Ok(wait) => wait,
            Err(error) => {
                tracing::debug!(%error, target = desk.channel.name(), "the outbox cannot be read now");
                AGAIN
            }
        };
        let office = &mut desk.office;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // Has the server gone, so has who tells of revisions.
            changed = office.revision.changed() => if changed.is_err() { break },
            _ = office.stopping.changed() => break,
        }
    }
    desk.let_go().await;
}

impl Desk {
    /// Does what is to be done now; gives how long nothing is to be done unless something happens.
    async fn round(&mut self) -> Result<Duration, DbError> {
        loop {
            // Also between parcels: what waits may take longer to deliver than this server has said that it delivers.
            if !self.hold().await? {
                return Ok(IDLE);
            }
            self.queue().await?;
            let now = config::now();
            if let Some(left) = self.office.plan.rules.quiet.and_then(|quiet| quiet.left(config::local(now))) {
                return Ok(left.to_std().unwrap_or(IDLE).min(IDLE));
            }
            if let Some(left) = self.pause(now).await? {
                return Ok(left.min(IDLE));
            }
            let name = self.channel.name().to_owned();
            let most = i64::try_from(self.channel.at_once()).unwrap_or(MOST).max(MOST);
            let read = move |conn: &mut _| {
                let due = outbox::deliveries_due(conn, &name, now, most)?;
                let next = if due.is_empty() { outbox::delivery_next(conn, &name)? } else { None };
                Ok::<_, DbError>((due, next))
            };
            let (due, next) = self.office.with(move |db| db.read(read)).await?;
            let Some(oldest) = due.first() else {
                let wait = next.and_then(|next| (next - now).to_std().ok()).unwrap_or(IDLE);
                return Ok(wait.clamp(Duration::from_millis(50), IDLE));
            };
            if let Some(wait) = self.channel.waits(config::local(now), config::local(oldest.event.at)) {
                return Ok(wait.min(IDLE));
            }
            for parcel in due.chunks(self.channel.at_once()) {
                if *self.office.stopping.borrow() || !self.deliver(parcel).await? {
                    break;
                }
            }
            if *self.office.stopping.borrow() {
                return Ok(IDLE);
            }
        }
    }

    /// Says that this server delivers to the target, unless another does.
    async fn hold(&mut self) -> Result<bool, DbError> {
        let now = Instant::now();
        if self.held.is_some_and(|until| until > now + HELD / 2) {
            return Ok(true);
        }
        let (name, holder) = (self.channel.name().to_owned(), self.office.holder.clone());
        let at = config::now();
        let until = at + TimeDelta::from_std(HELD).unwrap_or_default();
        let hold = move |db: &models::db::Db| {
            // A server that only stands by takes no lock from those who write.
            if db.read(|conn| outbox::target_taken(conn, &name, &holder, at))? {
                return Ok(false);
            }
            db.write_aside(|conn| outbox::target_hold(conn, &name, &holder, until, at))
        };
        let held = self.office.with(hold).await?;
        self.held = held.then(|| now + HELD);
        if self.first {
            self.office.leads.store(held, Ordering::Relaxed);
        }
        self.channel.held(held);
        Ok(held)
    }

    async fn let_go(&mut self) {
        if self.held.take().is_none() {
            return;
        }
        let (name, holder) = (self.channel.name().to_owned(), self.office.holder.clone());
        let release = move |conn: &mut _| outbox::target_release(conn, &name, &holder);
        if let Err(error) = self.office.with(move |db| db.write_aside(release)).await {
            tracing::debug!(%error, "another server will wait a little");
        }
    }

    /// How long the target is left alone; none while it is not known to be away.
    async fn pause(&mut self, now: models::Instant) -> Result<Option<Duration>, DbError> {
        let Some(id) = self.away.clone() else { return Ok(None) };
        let until = self.office.with(move |db| db.read(|conn| outbox::delivery_pause(conn, &id))).await?;
        let left = until.filter(|until| *until > now).map(|until| (until - now).to_std().unwrap_or(AGAIN));
        if left.is_none() {
            self.away = None;
        }
        Ok(left)
    }

    /// Writes the deliveries of what has happened.
    async fn queue(&self) -> Result<(), DbError> {
        let channel = self.channel.clone();
        let work = move |db: &models::db::Db| {
            let name = channel.name();
            if !db.read(|conn| outbox::target_lags(conn, name))? {
                return Ok(());
            }
            let now = config::now();
            db.write_aside(|conn| {
                outbox::deliveries_queue(conn, name, &|event| channel.wants(event.kind), now).map(drop)
            })
        };
        self.office.with(work).await
    }

    /// Delivers, and notes what became of it; says whether the next may be tried.
    async fn deliver(&mut self, parcel: &[Delivery]) -> Result<bool, DbError> {
        let sent = self.channel.deliver(parcel, self.office.plan.rules.address.as_deref()).await;
        let (name, now) = (self.channel.name().to_owned(), config::now());
        let ids: Vec<String> = parcel.iter().map(|one| one.id.clone()).collect();
        let failure = match sent {
            Ok(()) => {
                let done = move |conn: &mut _| {
                    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                    outbox::deliveries_done(conn, &name, &ids, now)
                };
                self.office.with(move |db| db.write_aside(done)).await?;
                return Ok(true);
            }
            Err(failure) => failure,
        };
        let rules = &self.office.plan.rules;
        let (attempts, queued) = parcel.first().map_or((0, now), |one| (one.attempts, one.at));
        let due = now + rules.pause(attempts, chance());
        let given_up = now - queued > TimeDelta::days(i64::from(rules.days));
        if attempts == 0 || given_up {
            tracing::warn!(target = name, why = failure.why(), given_up, "not delivered");
        }
        let failed = outbox::Failed { why: failure.why().to_owned(), due, given_up };
        let away = matches!(failure, Failure::Away(_));
        if away {
            self.away = ids.first().cloned();
        }
        let note = move |conn: &mut _| {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            outbox::deliveries_failed(conn, &name, &ids, &failed, now)
        };
        self.office.with(move |db| db.write_aside(note)).await?;
        Ok(!away)
    }
}

/// A random byte; where there is no chance to be had the middle is as good.
fn chance() -> u8 {
    let mut byte = [128];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
