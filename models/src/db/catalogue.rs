//! Fills the [`Catalogue`] and keeps it up to date: rows written after the revision it knows are read again.

use std::sync::{Arc, PoisonError, RwLock};

use diesel::prelude::*;

use super::{
    Conn, Db, DbError, meta,
    schema::{bins, bottles, racks},
    vintages::{vintage_part, vintage_touched_since},
    wines::{wine_part, wine_touched_since},
};
use crate::{
    Instant,
    bin::BinSummary,
    bottle::BottleStatus,
    catalogue::{Answer, BottleLine, Catalogue, Query},
};

/// Rows that are held at a time while the copy is filled.
const PART: i64 = 1000;

type Line = (String, String, Option<String>, String, i32, Option<i64>, Option<String>, Instant);

/// Brings the copy to the revision of this transaction; a new copy is filled wholly.
pub fn catalogue_refresh(conn: &mut Conn, copy: &mut Catalogue) -> Result<(), DbError> {
    let revision = meta::revision(conn)?;
    if revision == copy.revision() && revision > 0 {
        return Ok(());
    }
    // Rows older than the column `touched` carry 0.
    let known = if copy.revision() == 0 { -1 } else { copy.revision() };
    for (id, name) in racks::table.select((racks::id, racks::name)).load::<(String, String)>(conn)? {
        copy.put_rack(&id, &name);
    }
    // A new copy is filled a part at a time: all wines at once would cost memory that is never given back.
    let mut after = None;
    loop {
        let wines = if known < 0 { wine_part(conn, after.as_ref(), PART)? } else { wine_touched_since(conn, known)? };
        wines.iter().for_each(|wine| copy.put_wine(wine));
        after = wines.last().map(|wine| wine.id.clone());
        if known >= 0 || after.is_none() {
            break;
        }
    }
    let mut after = None;
    loop {
        let vintages =
            if known < 0 { vintage_part(conn, after.as_ref(), PART)? } else { vintage_touched_since(conn, known)? };
        vintages.iter().for_each(|vintage| copy.put_vintage(vintage));
        after = vintages.last().map(|vintage| vintage.id.clone());
        if known >= 0 || after.is_none() {
            break;
        }
    }
    let mut strangers = bottles_since(conn, known, copy)?;
    strangers.sort_unstable();
    strangers.dedup();
    for part in strangers.chunks(500) {
        let known = bins::table.filter(bins::id.eq_any(part)).select((bins::id, bins::rack_id));
        for (bin, rack) in known.load::<(String, String)>(conn)? {
            copy.put_bin(&bin, &rack);
        }
    }
    copy.set_revision(revision);
    Ok(())
}

macro_rules! line {
    () => {
        (
            bottles::id,
            bottles::vintage_id,
            bottles::bin,
            bottles::status,
            bottles::volume_ml,
            bottles::price_minor,
            bottles::currency,
            bottles::received_at,
        )
    };
}

/// Puts bottles in, a part at a time; returns the bins whose rack is not known yet.
fn bottles_since(conn: &mut Conn, known: i64, copy: &mut Catalogue) -> Result<Vec<String>, DbError> {
    let mut strangers = Vec::new();
    let since = || bottles::table.filter(bottles::touched.gt(known)).limit(PART).select(line!());
    if known >= 0 {
        // A few, as after a movement, are found by the index of `touched`; in the order of ids all would be looked at.
        let rows: Vec<Line> = since().load(conn)?;
        if (rows.len() as i64) < PART {
            put(copy, rows, &mut strangers);
            return Ok(strangers);
        }
    }
    let mut after = String::new();
    loop {
        let rows: Vec<Line> = since().filter(bottles::id.gt(&after)).order(bottles::id).load(conn)?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.0);
        let full = rows.len() as i64 == PART;
        put(copy, rows, &mut strangers);
        if !full {
            break;
        }
    }
    Ok(strangers)
}

fn put(copy: &mut Catalogue, rows: Vec<Line>, strangers: &mut Vec<String>) {
    for (id, vintage_id, bin, status, volume_ml, price_minor, currency, received_at) in rows {
        if let Some(bin) = bin.as_ref().filter(|bin| !copy.knows_bin(bin)) {
            strangers.push(bin.clone());
        }
        let here = status == BottleStatus::InCellar.as_str();
        let received = received_at.and_utc().timestamp();
        copy.put_bottle(&BottleLine { id, vintage_id, bin, here, volume_ml, price_minor, currency, received });
    }
}

/// One copy for all who ask; cheap to clone. Empty until it is first asked.
#[derive(Clone, Default)]
pub struct SharedCatalogue(Arc<RwLock<Catalogue>>);

impl SharedCatalogue {
    /// Answers from a copy that is as new as the database is now. A database that is away is an error and not an old
    /// answer.
    pub fn search(&self, db: &Db, query: &Query) -> Result<Answer, DbError> {
        Ok(db.read(|conn| self.ask(conn, |copy| copy.search(query)))??)
    }

    /// What book and camera say of every bin, as [`super::racks::bin_summary`] tells it; the bottles are counted in the
    /// copy, which takes an engine ten milliseconds when there are tens of thousands.
    pub fn bin_summary(&self, conn: &mut Conn) -> Result<Vec<BinSummary>, DbError> {
        let counts = self.ask(conn, Catalogue::bin_counts)?;
        super::racks::summary(conn, None, &counts)
    }

    /// Asks the copy, brought up to this transaction's revision.
    fn ask<T>(&self, conn: &mut Conn, question: impl FnOnce(&Catalogue) -> T) -> Result<T, DbError> {
        let revision = meta::revision(conn)?;
        {
            let copy = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if copy.revision() >= revision && revision > 0 {
                return Ok(question(&copy));
            }
        }
        let mut copy = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = catalogue_refresh(conn, &mut copy) {
            // Half of the news may be in it already: begin anew.
            *copy = Catalogue::default();
            return Err(error);
        }
        Ok(question(&copy))
    }
}
