//! A case comes in: some bottles of one vintage, laid away in the order of the bins.

use super::{Conn, DbError, movements::movement_apply_all, racks};
use crate::{
    Instant,
    bottle::BottleFacts,
    error::RuleError,
    ids::{BinId, VintageId},
    movement::{Actor, Movement, MovementRequest},
};

/// Receives `count` bottles (1 to 200) at one go: into the bin `from` and, when that is full, into the next ones of its
/// rack that have room, in the order of their names; what does not fit, and everything without `from`, waits to be put
/// away.
pub fn case_receive(
    conn: &mut Conn,
    vintage: &VintageId,
    count: usize,
    from: Option<&BinId>,
    facts: &BottleFacts,
    actor: &Actor,
    now: Instant,
) -> Result<Vec<Movement>, DbError> {
    if !(1..=200).contains(&count) {
        return Err(RuleError::field("bottles", format!("are {count}; 1 to 200 at once are allowed")).into());
    }
    let mut places = match from {
        Some(from) => room_from(conn, from, count)?,
        None => Vec::new(),
    };
    places.resize(count, None);
    let receipt = |bin| MovementRequest::Receipt { vintage_id: vintage.clone(), bin, facts: facts.clone() };
    let requests: Vec<MovementRequest> = places.into_iter().map(receipt).collect();
    movement_apply_all(conn, &requests, actor, now)
}

/// At most `count` free places of the bin and those after it.
fn room_from(conn: &mut Conn, from: &BinId, count: usize) -> Result<Vec<Option<BinId>>, DbError> {
    let bins = racks::bin_summary(conn)?;
    let first = bins.iter().find(|bin| bin.st_bin == *from);
    let first = first.ok_or_else(|| RuleError::field("bin", format!("there is no bin {from}")))?;
    let usable = racks::bin_list(conn)?;
    let usable = |id: &BinId| usable.iter().any(|bin| bin.enabled && bin.id == *id);
    let mut places = Vec::with_capacity(count);
    for bin in bins.iter().filter(|bin| bin.rack_id == first.rack_id && bin.st_bin >= *from && usable(&bin.st_bin)) {
        let room = usize::try_from(bin.capacity - bin.qty).unwrap_or(0);
        places.extend(std::iter::repeat_n(Some(bin.st_bin.clone()), room.min(count - places.len())));
    }
    Ok(places)
}
