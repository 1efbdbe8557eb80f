//! Bringing a file in: one transaction. How it is taken back is in `import_undo`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Conn, DbError,
    bulk::{self, RefRow},
    changes, dialect, events,
    import_undo::{Replaced, told},
    movements, new_id, notes, racks,
    schema::{import_refs, imports, vintages, windows, wines as wine_table},
    settle, types, vintages as vintage_queries, wines,
};
use crate::{
    Instant,
    bottle::{Bottle, BottleStatus},
    change::Entity,
    error::RuleError,
    ids::{BottleId, MovementId, VintageId, WineId},
    import::{
        self, Importable, Options,
        known::{Known, KnownBin, KnownBottle, identity},
        plan::{self, NewBottle, Plan, VintageSlot, WineSlot},
        preview::Preview,
    },
    movement::{Actor, IssueReason, Movement, MovementKind, MovementRequest, Source},
    window::{self, Window},
    wine::{Vintage, Wine},
};

pub use super::import_undo::import_undo;

/// An import that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// Identifier, also the batch of its movements.
    pub id: String,
    /// When (UTC).
    #[serde(with = "crate::instant")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Instant,
    /// Who did it.
    pub actor: String,
    /// Name of the file.
    pub file_name: String,
    /// Under which name the identifiers of the file are kept.
    pub scheme: String,
    /// When it was taken back (UTC).
    #[serde(with = "crate::instant::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub undone_at: Option<Instant>,
    /// What has become of each line.
    pub report: Preview,
}

type ImportRow = (String, Instant, String, String, String, String, Option<Instant>);

fn import(row: ImportRow) -> Result<Import, DbError> {
    let (id, at, actor, file_name, scheme, report, undone_at) = row;
    let report = types::from_json("imports.report", &report)?;
    Ok(Import { id, at, actor, file_name, scheme, undone_at, report })
}

/// Imports, newest first.
pub fn import_list(conn: &mut Conn, before: Option<&str>, limit: i64) -> Result<Vec<Import>, DbError> {
    let mut query = imports::table.order(imports::id.desc()).limit(limit).into_boxed();
    if let Some(before) = before {
        query = query.filter(imports::id.lt(before));
    }
    query.load::<ImportRow>(conn)?.into_iter().map(import).collect()
}

/// One import.
pub fn import_get(conn: &mut Conn, id: &str) -> Result<Import, DbError> {
    let row: Option<ImportRow> = imports::table.find(id).first(conn).optional()?;
    import(row.ok_or_else(|| DbError::NotFound(format!("There is no import {id}.")))?)
}

/// What importing the file would do; nothing is written.
pub fn import_preview(conn: &mut Conn, bytes: &[u8], options: &Options, now: Instant) -> Result<Preview, DbError> {
    let file = import::read(bytes, options)?;
    let known = known(conn, &file)?;
    Ok(plan::plan(&file, &known, &now.format("%Y-%m-%d").to_string()).1)
}

/// Brings a file in. Same file again: nothing changes, and the report says so.
pub fn import_run(
    conn: &mut Conn,
    file_name: &str,
    bytes: &[u8],
    options: &Options,
    actor: &Actor,
    now: Instant,
) -> Result<Import, DbError> {
    import_lines(conn, file_name, &import::read(bytes, options)?, actor, now)
}

/// The same of what was read already, whatever it was read from.
pub fn import_lines(
    conn: &mut Conn,
    file_name: &str,
    file: &Importable,
    actor: &Actor,
    now: Instant,
) -> Result<Import, DbError> {
    let known = known(conn, file)?;
    let (plan, preview) = plan::plan(file, &known, &now.format("%Y-%m-%d").to_string());
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    let import = Import {
        id: new_id(),
        at: types::cut(now),
        actor: actor.name.clone(),
        file_name,
        scheme: file.format.scheme().to_owned(),
        undone_at: None,
        report: preview,
    };
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(&import.id),
            imports::at.eq(import.at),
            imports::actor.eq(&import.actor),
            imports::file_name.eq(&import.file_name),
            imports::scheme.eq(&import.scheme),
            imports::report.eq(types::to_json(&import.report)?),
        ))
        .execute(conn)?;
    for part in known.stale.chunks(500) {
        let stale = import_refs::table.filter(import_refs::scheme.eq(&import.scheme));
        diesel::delete(stale.filter(import_refs::foreign_id.eq_any(part))).execute(conn)?;
    }
    let before = Run { import: &import, actor, refs: Vec::new(), before: Replaced::default() }.execute(conn, &plan)?;
    // One line of the history stands for all that came with it.
    if !import.report.is_idle() {
        changes::record(conn, Entity::Import, &import.id, None, Some(&told(&import, &before)), actor, now)?;
    }
    Ok(import)
}

/// Loads what an import has to know.
fn known(conn: &mut Conn, file: &Importable) -> Result<Known, DbError> {
    let scheme = file.format.scheme();
    let mut known = Known::default();
    let rows: Vec<(String, String, String, String)> = wine_table::table
        .filter(wine_table::archived.eq(false))
        .order(wine_table::id.desc())
        .select((wine_table::id, wine_table::producer, wine_table::name, wine_table::colour))
        .load(conn)?;
    for (id, producer, name, colour) in rows {
        // Of twins the one that was entered first.
        known.wines.insert(identity(&producer, &name, types::word("wines.colour", &colour)?), WineId(id));
    }
    let rows: Vec<(String, String, Option<i32>)> = vintages::table
        .inner_join(wine_table::table)
        .filter(wine_table::archived.eq(false))
        .select((vintages::id, vintages::wine_id, vintages::year))
        .load(conn)?;
    let alive: BTreeSet<String> = rows.iter().map(|(id, ..)| id.clone()).collect();
    known.vintages = rows.into_iter().map(|(id, wine, year)| ((WineId(wine), year), VintageId(id))).collect();
    type Sides = (String, Option<i32>, Option<i32>, Option<i32>, Option<i32>);
    let rows: Vec<Sides> = windows::table
        .filter(windows::source.eq(scheme))
        .select((windows::vintage_id, windows::drink_from, windows::peak_from, windows::peak_to, windows::drink_to))
        .load(conn)?;
    let window = |(id, drink_from, peak_from, peak_to, drink_to)| {
        (VintageId(id), Window { drink_from, peak_from, peak_to, drink_to })
    };
    known.windows = rows.into_iter().map(window).collect();
    let times: BTreeMap<String, Instant> =
        imports::table.select((imports::id, imports::at)).load::<(String, Instant)>(conn)?.into_iter().collect();
    let rows: Vec<(String, String, String, Option<String>)> = import_refs::table
        .filter(import_refs::scheme.eq(scheme))
        .select((import_refs::foreign_id, import_refs::entity, import_refs::entity_id, import_refs::import_id))
        .load(conn)?;
    let mut wanted = BTreeSet::new();
    for (key, entity, id, import) in rows {
        if entity == "vintage" && !alive.contains(&id) {
            known.stale.push(key);
            continue;
        }
        if entity == "bottle" {
            wanted.insert(id.clone());
        }
        known.refs.insert(key, (id, import.and_then(|import| times.get(&import).copied())));
    }
    if !wanted.is_empty() {
        for bottle in super::bottles::bottle_touched_since(conn, -1)? {
            if wanted.contains(bottle.id.as_str()) {
                let here = bottle.status == BottleStatus::InCellar;
                known.bottles.insert(bottle.id, KnownBottle { here, bin: bottle.bin, facts: bottle.facts });
            }
        }
    }
    let names: BTreeMap<String, String> =
        racks::rack_list(conn)?.into_iter().map(|rack| (rack.id.0, rack.facts.name)).collect();
    for bin in racks::bin_list(conn)?.into_iter().filter(|bin| bin.enabled) {
        let holds = super::bottles::count_in(conn, &bin.id)?;
        let rack = names.get(bin.rack_id.as_str()).cloned().unwrap_or_default();
        known.bins.push(KnownBin { rack, capacity: bin.capacity, holds, id: bin.id });
    }
    Ok(known)
}

/// A day at noon; the time of the import where no day is known.
fn noon(day: Option<&str>, otherwise: Instant) -> Instant {
    let day = day.and_then(|day| day.parse::<chrono::NaiveDate>().ok());
    day.and_then(|day| Some(day.and_time(NaiveTime::from_hms_opt(12, 0, 0)?))).unwrap_or(otherwise)
}

struct Run<'a> {
    import: &'a Import,
    actor: &'a Actor,
    refs: Vec<RefRow>,
    before: Replaced,
}

impl Run<'_> {
    fn refer(&mut self, key: &str, entity: &str, id: &str) {
        self.refs.push(RefRow {
            scheme: self.import.scheme.clone(),
            foreign_id: key.to_owned(),
            entity: entity.to_owned(),
            entity_id: id.to_owned(),
            import_id: Some(self.import.id.clone()),
        });
    }

    fn execute(mut self, conn: &mut Conn, plan: &Plan) -> Result<Replaced, DbError> {
        let at = self.import.at;
        let new_wine = |facts: &crate::wine::WineFacts| Wine {
            id: WineId(new_id()),
            facts: facts.clone(),
            archived: false,
            revision: 1,
            created_at: at,
        };
        let list: Vec<Wine> = plan.wines.iter().map(new_wine).collect();
        bulk::wines(conn, &list)?;
        for wine in &list {
            // By this an undo knows which wines are new.
            self.refer(&format!("wine/{}", wine.id), "wine", wine.id.as_str());
        }
        let new_vintages = self.vintages(conn, plan, &list)?;
        let id_of = |slot: &VintageSlot| match slot {
            VintageSlot::Known(id) => id.clone(),
            VintageSlot::New(i) => new_vintages[*i].clone(),
        };
        for (key, slot) in &plan.vintage_refs {
            self.refer(key, "vintage", id_of(slot).as_str());
        }
        for (id, window) in &plan.windows {
            let known = vintage_queries::window_list(conn, id)?;
            let known = known.into_iter().find(|(source, _)| *source == self.import.scheme);
            let old = known.map(|(_, window)| window).unwrap_or_default();
            self.before.windows.insert(id.0.clone(), [old, *window]);
            vintage_queries::write_window(conn, id, &self.import.scheme, window)?;
            vintage_queries::settle_one(conn, id)?;
        }
        self.bottles(conn, plan, id_of)?;
        self.changes(conn, plan)?;
        let mut noted = BTreeSet::new();
        for (slot, facts, key) in &plan.notes {
            let vintage = id_of(slot);
            let note = notes::insert_quietly(conn, &vintage, facts, &self.actor.name, at)?;
            self.refer(key, "note", note.id.as_str());
            noted.insert(vintage);
        }
        for vintage in &noted {
            vintage_queries::settle_one(conn, vintage)?;
        }
        let mut seen = BTreeSet::new();
        self.refs.retain(|row| seen.insert(row.foreign_id.clone()));
        dialect::insert_refs(conn, &self.refs)?;
        Ok(self.before)
    }

    fn vintages(&self, conn: &mut Conn, plan: &Plan, list: &[Wine]) -> Result<Vec<VintageId>, DbError> {
        let mut rows = Vec::with_capacity(plan.vintages.len());
        let mut known = Vec::new();
        for new in &plan.vintages {
            let of_known;
            let wine = match &new.wine {
                WineSlot::New(i) => &list[*i],
                WineSlot::Known(id) => {
                    of_known = wines::wine_get(conn, id)?;
                    &of_known
                }
            };
            let id = VintageId(new_id());
            let told = [(self.import.scheme.clone(), new.window)];
            let (window_source, window) = match window::effective(&told, &wine.facts, new.year) {
                Some((source, window)) => (Some(source), window),
                None => (None, Window::default()),
            };
            if !new.window.is_empty() {
                known.push((id.clone(), self.import.scheme.clone(), new.window));
            }
            rows.push(Vintage {
                id,
                wine_id: wine.id.clone(),
                year: new.year,
                window,
                window_source,
                score_tenths: None,
                valuation_minor: new.value.as_ref().map(|(sum, _)| *sum),
                valuation_currency: new.value.as_ref().map(|(_, code)| code.clone()),
                revision: 1,
            });
        }
        bulk::vintages(conn, &rows, &known)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Bottles that come in, with the lines of the journal that say so.
    fn bottles(
        &mut self,
        conn: &mut Conn,
        plan: &Plan,
        id_of: impl Fn(&VintageSlot) -> VintageId,
    ) -> Result<(), DbError> {
        let mut list = Vec::with_capacity(plan.bottles.len());
        let mut lines = Vec::with_capacity(plan.bottles.len());
        let mut bins = BTreeSet::new();
        for new in &plan.bottles {
            let bottle = self.bottle(new, id_of(&new.vintage));
            for key in &new.refs {
                self.refer(key, "bottle", bottle.id.as_str());
            }
            bins.extend(bottle.bin.clone());
            self.came(new, &bottle, &mut lines);
            list.push(bottle);
        }
        bulk::bottles(conn, &list, &lines, self.import.at)?;
        for bin in &bins {
            settle::after_movement(conn, bin, false, self.import.at)?;
        }
        Ok(())
    }

    fn bottle(&self, new: &NewBottle, vintage_id: VintageId) -> Bottle {
        let left = new.gone.as_ref().map(|gone| noon(gone.on.as_deref(), self.import.at));
        let received = noon(new.facts.purchased_on.as_deref(), left.unwrap_or(self.import.at));
        Bottle {
            id: BottleId(new_id()),
            vintage_id,
            bin: new.bin.clone(),
            status: if left.is_some() { BottleStatus::Gone } else { BottleStatus::InCellar },
            facts: new.facts.clone(),
            revision: if left.is_some() { 2 } else { 1 },
            received_at: left.map_or(received, |left| received.min(left)),
        }
    }

    fn came(&self, new: &NewBottle, bottle: &Bottle, lines: &mut Vec<Movement>) {
        let receipt = Movement {
            id: MovementId(new_id()),
            bottle_id: bottle.id.clone(),
            kind: MovementKind::Receipt,
            reason: None,
            from_bin: None,
            to_bin: new.bin.clone(),
            was_here: false,
            is_here: true,
            actor: self.actor.name.clone(),
            source: Source::Import,
            at: bottle.received_at,
            reverses: None,
            proposal_id: None,
            batch: Some(self.import.id.clone()),
            note: String::new(),
            revenue_minor: None,
            currency: None,
        };
        let Some(gone) = &new.gone else { return lines.push(receipt) };
        let sold = gone.revenue.as_ref().filter(|_| gone.reason == IssueReason::Sold);
        let issue = Movement {
            id: MovementId(new_id()),
            kind: MovementKind::Issue,
            reason: Some(gone.reason),
            was_here: true,
            is_here: false,
            from_bin: receipt.to_bin.clone(),
            to_bin: None,
            at: noon(gone.on.as_deref(), self.import.at),
            note: gone.note.clone(),
            revenue_minor: sold.map(|(sum, _)| *sum),
            currency: sold.map(|(_, code)| code.clone()),
            ..receipt.clone()
        };
        lines.extend([receipt, issue]);
    }

    /// What happens to bottles that were known.
    fn changes(&mut self, conn: &mut Conn, plan: &Plan) -> Result<(), DbError> {
        let belongs = movements::Belongs { batch: Some(self.import.id.clone()), proposal: None };
        let actor = Actor { source: Source::Import, ..self.actor.clone() };
        if !plan.leaving.is_empty() {
            // They left long ago, perhaps; it is told as news of today.
            events::imported(conn, self.import.at)?;
        }
        for (id, gone, before, after) in &plan.leaving {
            if super::bottles::bottle_row(conn, id)?.status == BottleStatus::InCellar {
                let sold = gone.revenue.as_ref().filter(|_| gone.reason == IssueReason::Sold);
                let request = MovementRequest::Issue {
                    bottle_id: id.clone(),
                    reason: gone.reason,
                    note: gone.note.clone(),
                    revenue_minor: sold.map(|(sum, _)| *sum),
                    currency: sold.map(|(_, code)| code.clone()),
                };
                let day = noon(gone.on.as_deref(), self.import.at);
                movements::apply(conn, &request, &actor, day, &belongs)?;
            }
            if !before.is_empty() {
                diesel::update(import_refs::table.find((&self.import.scheme, before)))
                    .set(import_refs::foreign_id.eq(after))
                    .execute(conn)?;
            }
        }
        for (bottle_id, bin) in &plan.moves {
            let request = MovementRequest::Move { bottle_id: bottle_id.clone(), bin: Some(bin.clone()) };
            movements::apply(conn, &request, &actor, self.import.at, &belongs)?;
        }
        for (id, facts) in &plan.facts {
            let old = super::bottles::bottle_row(conn, id)?.facts;
            self.before.bottle(id, &old, facts)?;
            super::bottles::write(conn, id, facts)?;
        }
        for (key, id) in &plan.bottle_refs {
            self.refer(key, "bottle", id.as_str());
        }
        Ok(())
    }
}

/// Refuses an identifier that cannot be one, before it is looked for.
pub fn import_id(text: &str) -> Result<&str, RuleError> {
    match text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        true => Ok(text),
        false => {
            Err(RuleError::field("import", format!("`{text}` is no import; `winecellar import --list` names them")))
        }
    }
}
