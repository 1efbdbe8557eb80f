//! For which bottles a label with their own code was printed.

use diesel::prelude::*;

use super::{Conn, DbError, schema::bottle_labels, types};
use crate::{Instant, ids::BottleId};

/// Those of the bottles that have a label.
pub fn bottle_label_list(conn: &mut Conn, bottles: &[BottleId]) -> Result<Vec<BottleId>, DbError> {
    let mut all = Vec::new();
    // An engine takes so many values in one question.
    for part in bottles.chunks(500) {
        let ids = part.iter().map(BottleId::as_str);
        let labelled = bottle_labels::table.filter(bottle_labels::bottle_id.eq_any(ids));
        all.extend(labelled.select(bottle_labels::bottle_id).load::<String>(conn)?.into_iter().map(BottleId));
    }
    Ok(all)
}

/// Notes that labels of the bottles were printed.
pub fn bottle_label_note(conn: &mut Conn, bottles: &[BottleId], now: Instant) -> Result<(), DbError> {
    for bottle in bottles {
        diesel::delete(bottle_labels::table.find(bottle.as_str())).execute(conn)?;
        diesel::insert_into(bottle_labels::table)
            .values((bottle_labels::bottle_id.eq(bottle.as_str()), bottle_labels::printed_at.eq(types::cut(now))))
            .execute(conn)?;
    }
    Ok(())
}
