//! Several bottles at once: taken, or laid into a bin, at one go that is undone at one go.

use leptos::prelude::*;
use models::{bottle::BottleView, ids::BottleId};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use super::{movements::Done, racks::RackPlan};
use crate::error::AppError;

/// How many bottles are offered; as many movements may be made at one go.
#[cfg(feature = "ssr")]
const OFFERED: i64 = 200;

/// Bottles to choose from, and the racks they may go into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeveralPage {
    /// What was asked for.
    pub asked: Asked,
    /// The bottles.
    pub bottles: Vec<BottleView>,
    /// Whether there are more than are offered.
    pub more: bool,
    /// The racks.
    pub racks: Vec<RackPlan>,
}

/// Which bottles are wanted, and what was just done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Words that producer, name or origin hold.
    pub q: String,
    /// Not empty: only those that lie in no bin.
    pub loose: String,
    /// A movement that was just made, to be undone with all that were made with it.
    pub done: String,
    /// How many.
    pub count: String,
    /// Why nothing was done.
    pub why: String,
}

impl Asked {
    /// The address of the page that asks so.
    pub fn address(&self) -> String {
        let parts = [
            ("q", self.q.as_str()),
            ("loose", &self.loose),
            ("done", &self.done),
            ("count", &self.count),
            ("why", &self.why),
        ];
        format!("/several{}", crate::forms::address(&parts))
    }
}

/// Reads the bottles that are here and match.
#[server(input = GetUrl)]
pub async fn get_several(#[server(default)] asked: Asked) -> Result<SeveralPage, AppError> {
    use models::{bottle::BottleStatus, db::bottles::*};
    let racks = super::racks::get_racks().await?;
    let filter = BottleFilter {
        status: Some(BottleStatus::InCellar),
        unplaced: !asked.loose.is_empty(),
        search: Some(asked.q.trim().to_owned()).filter(|words| !words.is_empty()),
        ..Default::default()
    };
    let mut bottles = crate::ctx::AppCtx::get()?
        .read(move |conn, now| bottle_list(conn, &filter, None, OFFERED + 1, crate::format::year_of(now)))
        .await?;
    let more = bottles.len() > OFFERED as usize;
    bottles.truncate(OFFERED as usize);
    // Those that lie together, or are of one kind, stand together.
    bottles.sort_by(|a, b| (a.title(), &a.bottle.bin, &a.bottle.id.0).cmp(&(b.title(), &b.bottle.bin, &b.bottle.id.0)));
    Ok(SeveralPage { asked, bottles, more, racks })
}

/// Does to all chosen bottles what the button says: a reason for which they leave, `move` (out of their bins), or `put:` and a bin,
/// which takes as many as it has room for.
#[server]
pub async fn move_several(
    act: String,
    #[server(default)] bottles: Vec<BottleId>,
    #[server(default)] asked: Asked,
) -> Result<Done, AppError> {
    use models::{
        db::movements::movement_apply_all,
        error::RuleError,
        ids::BinId,
        movement::{IssueReason, MovementRequest},
    };
    let asked = Asked { q: asked.q, loose: asked.loose, ..Asked::default() };
    let back = {
        let asked = asked.clone();
        move |why: &str| Asked { why: why.to_owned(), ..asked }.address()
    };
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            if bottles.is_empty() {
                return Err(RuleError::Forbidden(crate::texts::none_chosen().to_owned()).into());
            }
            let mut chosen = bottles;
            let make: Box<dyn Fn(BottleId) -> MovementRequest> =
                match (act.strip_prefix("put:"), act.parse::<IssueReason>().ok()) {
                    (Some(bin), _) => {
                        let bin = BinId::from(bin);
                        chosen.truncate(room(conn, &bin)?);
                        Box::new(move |bottle_id| MovementRequest::Move { bottle_id, bin: Some(bin.clone()) })
                    }
                    (None, Some(reason)) => Box::new(move |bottle| MovementRequest::issue(bottle, reason)),
                    (None, None) if act == "move" => {
                        Box::new(|bottle_id| MovementRequest::Move { bottle_id, bin: None })
                    }
                    _ => return Err(RuleError::field("act", "is a reason, `move`, or `put:` and a bin").into()),
                };
            let requests: Vec<_> = chosen.into_iter().map(make).collect();
            let made = movement_apply_all(conn, &requests, &crate::ctx::actor(), now)?;
            let first = made.first().map(|movement| movement.id.0.clone()).unwrap_or_default();
            let next = Asked { done: first, count: made.len().to_string(), ..asked };
            Ok((super::movements::done(conn, &made, now)?, next.address()))
        })
        .await;
    super::wines::ended(done, back)
}

/// How many more a bin takes; one that is full is refused.
#[cfg(feature = "ssr")]
fn room(conn: &mut models::db::Conn, bin: &models::ids::BinId) -> Result<usize, models::db::DbError> {
    use models::{db::racks::bin_summary_of, error::RuleError};
    let summary = bin_summary_of(conn, bin)?;
    let summary = summary.ok_or_else(|| RuleError::field("bin", format!("there is no bin {bin}")))?;
    let whole = |count: i32| u32::try_from(count).unwrap_or(0);
    let (holds, capacity) = (whole(summary.qty), whole(summary.capacity));
    if holds >= capacity {
        return Err(RuleError::BinFull { bin: bin.to_string(), holds, capacity }.into());
    }
    Ok((capacity - holds) as usize)
}
