//! Compares a file with the cellar and decides, line by line, what is to be done.
//!
//! Bottles without a number of their own are counted: of each vintage and size the cellar remembers how many it was told
//! of. More than that are new. Fewer are said to be fewer; no bottle leaves the book because a file does not name it.

mod follow;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    known::{Known, KnownBottle, identity},
    line::{Format, Gone, Importable, Item, State},
    place::{self, Places},
    preview::{LinePlan, Outcome, Preview},
};
use crate::{
    Instant,
    ids::{BinId, BottleId, VintageId},
    note::NoteFacts,
};

pub use super::steps::{NewBottle, NewVintage, Plan, VintageSlot, WineSlot};

/// Bottles of one vintage and size that the cellar was told of.
#[derive(Default)]
struct Pool {
    here: VecDeque<(String, BottleId, Option<Instant>)>,
    gone: VecDeque<(String, BottleId)>,
    next: usize,
}

struct Planner<'a> {
    known: &'a Known,
    file: &'a Importable,
    places: Places,
    room: BTreeMap<BinId, i32>,
    pools: BTreeMap<String, Pool>,
    aliased: BTreeSet<BottleId>,
    new_wines: BTreeMap<String, usize>,
    new_vintages: BTreeMap<(WineSlot, Option<i32>), usize>,
    slots: BTreeMap<String, VintageSlot>,
    /// Bottles that lie where a line says, by the place of that line in the file.
    reserved: BTreeMap<usize, VecDeque<BottleId>>,
    plan: Plan,
    preview: Preview,
    today: String,
}

/// Works out what importing `file` would do. `today` stands for days that the file does not tell (`YYYY-MM-DD`).
pub fn plan(file: &Importable, known: &Known, today: &str) -> (Plan, Preview) {
    let mut planner = Planner {
        known,
        file,
        places: Places::new(&known.bins, file),
        room: known.bins.iter().map(|bin| (bin.id.clone(), bin.capacity - bin.holds)).collect(),
        pools: BTreeMap::new(),
        aliased: BTreeSet::new(),
        new_wines: BTreeMap::new(),
        new_vintages: BTreeMap::new(),
        slots: BTreeMap::new(),
        reserved: BTreeMap::new(),
        plan: Plan::default(),
        preview: Preview {
            format: file.format,
            title: file.format.title().to_owned(),
            encoding: file.encoding.to_owned(),
            header: file.header.clone(),
            mapping: file.mapping.clone(),
            total: 0,
            outcomes: Outcome::ALL.iter().map(|outcome| (outcome.as_str().to_owned(), 0)).collect(),
            warned: 0,
            wines_new: 0,
            vintages_new: 0,
            bottles_new: 0,
            bottles_placed: 0,
            bottles_gone: 0,
            bottles_known: 0,
            notes_new: 0,
            notices: file.notices.clone(),
            lines: Vec::with_capacity(file.lines.len()),
        },
        today: today.to_owned(),
    };
    planner.gather();
    if file.format.follows_bins() {
        planner.reserve();
    }
    // What is here comes first, so that a bottle that left is known by not being among them any more.
    let is_gone = |item: &Item| matches!(item.state, State::Gone(_));
    let mut done: Vec<(usize, LinePlan)> = Vec::with_capacity(file.lines.len());
    for pass in [false, true] {
        for (i, line) in file.lines.iter().enumerate() {
            let mut told = match &line.what {
                Ok(item) if is_gone(item) == pass => planner.item(i, item),
                Err(why) if !pass => (Outcome::Skipped, String::new(), why.clone(), Vec::new()),
                _ => continue,
            };
            told.3.splice(0..0, line.warnings.iter().cloned());
            let (outcome, title, text, warnings) = told;
            done.push((i, LinePlan { line: line.line, title, outcome, text, warnings }));
        }
    }
    done.sort_by_key(|(i, _)| *i);
    planner.preview.lines = done.into_iter().map(|(_, line)| line).collect();
    planner.finish()
}

/// The identifier of bottles without a number.
fn group(item: &Item) -> String {
    format!("{}/{}", item.key, item.bottle.volume_ml)
}

impl Planner<'_> {
    /// Sorts the known bottles into pools; those that the file names by number are taken out of them.
    fn gather(&mut self) {
        for (key, (id, since)) in &self.known.refs {
            let id = BottleId(id.clone());
            if let Some(rest) = key.strip_prefix("here/").or_else(|| key.strip_prefix("gone/")) {
                let Some((group, number)) = rest.rsplit_once('/') else { continue };
                let pool = self.pools.entry(group.to_owned()).or_default();
                pool.next = pool.next.max(number.parse().unwrap_or(0));
                match key.starts_with("here/") {
                    true => pool.here.push_back((key.clone(), id, *since)),
                    false => pool.gone.push_back((key.clone(), id)),
                }
            } else if let Some(rest) = key.strip_prefix("id/") {
                // Consumed numbers are another's than barcodes: only the same kind tells bottles apart.
                if !rest.starts_with("consumed:") {
                    self.aliased.insert(id);
                }
            }
        }
        let named: BTreeSet<BottleId> = self
            .file
            .lines
            .iter()
            .filter_map(|line| line.what.as_ref().ok()?.bottle_key.as_ref())
            .filter_map(|key| self.known.refs.get(&format!("id/{key}")))
            .map(|(id, _)| BottleId(id.clone()))
            .collect();
        for pool in self.pools.values_mut() {
            pool.here.retain(|(_, id, _)| !named.contains(id));
            pool.gone.retain(|(_, id)| !named.contains(id));
        }
    }

    fn item(&mut self, line: usize, item: &Item) -> (Outcome, String, String, Vec<String>) {
        let mut warnings = Vec::new();
        let title = item.title();
        if item.state == State::Catalogue && item.note.is_none() && self.find(item).is_none() && self.is_idle(item) {
            let why = "it tells of no bottle, rating or note, and the wine is not known".to_owned();
            return (Outcome::Skipped, title, why, warnings);
        }
        let (slot, fresh) = self.vintage(item);
        let mut words = Vec::new();
        let mut updated = self.window(item, &slot);
        let mut new = 0;
        let mut left = 0;
        match &item.state {
            State::Here => {
                for _ in 0..item.count {
                    let there = self.reserved.get_mut(&line).and_then(VecDeque::pop_front);
                    match there.or_else(|| self.known_here(item)) {
                        Some(bottle) => {
                            updated |= self.complete(item, &bottle);
                            updated |= self.follow(item, &bottle, &mut warnings);
                        }
                        None => {
                            self.enter(item, &slot, None, &mut warnings);
                            new += 1;
                        }
                    }
                }
            }
            State::Gone(gone) => {
                for _ in 0..item.count {
                    match self.known_gone(item, gone) {
                        Some(true) => left += 1,
                        Some(false) => {}
                        None => {
                            self.enter(item, &slot, Some(gone), &mut warnings);
                            new += 1;
                        }
                    }
                }
            }
            State::Pending => words.push(format!("{} ordered, not yet here: not entered", item.count)),
            State::Catalogue => {}
        }
        let noted = self.note(item, &slot);
        let outcome = match () {
            () if fresh => Outcome::NewWine,
            () if new > 0 => Outcome::NewBottles,
            () if left > 0 => Outcome::Consumed,
            () if updated || noted => Outcome::Updated,
            () if item.state == State::Pending => Outcome::Pending,
            () => Outcome::Unchanged,
        };
        if fresh {
            words.insert(0, "new wine or vintage".to_owned());
        }
        if new > 0 {
            let gone = if matches!(item.state, State::Gone(_)) { ", left already" } else { "" };
            words.push(format!("{new} new bottle{}{gone}", if new == 1 { "" } else { "s" }));
        }
        if left > 0 {
            words.push(format!("{left} left the cellar"));
        }
        let same = item.count.saturating_sub(new + left);
        if same > 0 && matches!(item.state, State::Here | State::Gone(_)) {
            self.preview.bottles_known += same;
            words.push(format!("{same} known already"));
        }
        if updated {
            words.push("completed".to_owned());
        }
        if noted {
            words.push("a note".to_owned());
        }
        warnings.dedup();
        (outcome, title, words.join(", "), warnings)
    }

    /// Whether the line, having no bottle and no note, says nothing at all worth a new wine.
    fn is_idle(&self, _: &Item) -> bool {
        matches!(self.file.format, Format::VivinoFull | Format::CtNotes)
    }

    /// The vintage, if it is known or planned.
    fn find(&self, item: &Item) -> Option<VintageSlot> {
        if let Some(slot) = self.slots.get(&item.key) {
            return Some(slot.clone());
        }
        if let Some((id, _)) = self.known.refs.get(&format!("vintage/{}", item.key)) {
            return Some(VintageSlot::Known(VintageId(id.clone())));
        }
        let wine = self.known.wines.get(&identity(&item.wine.producer, &item.wine.name, item.wine.colour))?;
        self.known.vintages.get(&(wine.clone(), item.year)).cloned().map(VintageSlot::Known)
    }

    /// The vintage, planned if need be; and whether it is new by this line.
    fn vintage(&mut self, item: &Item) -> (VintageSlot, bool) {
        let found = self.find(item);
        let (slot, fresh) = match found {
            Some(slot) => (slot, false),
            None => {
                let name = identity(&item.wine.producer, &item.wine.name, item.wine.colour);
                let wine = match (self.known.wines.get(&name), self.new_wines.get(&name)) {
                    (Some(id), _) => WineSlot::Known(id.clone()),
                    (None, Some(i)) => WineSlot::New(*i),
                    (None, None) => {
                        let i = self.plan.wines.len();
                        self.plan.wines.push(item.wine.tidied());
                        self.new_wines.insert(name, i);
                        self.preview.wines_new += 1;
                        WineSlot::New(i)
                    }
                };
                match self.new_vintages.get(&(wine.clone(), item.year)) {
                    Some(i) => (VintageSlot::New(*i), false),
                    None => {
                        let i = self.plan.vintages.len();
                        let value = item.value.clone();
                        let new = NewVintage { wine: wine.clone(), year: item.year, window: item.window, value };
                        self.plan.vintages.push(new);
                        self.new_vintages.insert((wine, item.year), i);
                        self.preview.vintages_new += 1;
                        (VintageSlot::New(i), true)
                    }
                }
            }
        };
        if !self.slots.contains_key(&item.key) {
            let key = format!("vintage/{}", item.key);
            if !self.known.refs.contains_key(&key) {
                self.plan.vintage_refs.push((key, slot.clone()));
            }
            self.slots.insert(item.key.clone(), slot.clone());
        }
        (slot, fresh)
    }

    /// Notes a window that the program now gives otherwise.
    fn window(&mut self, item: &Item, slot: &VintageSlot) -> bool {
        if item.window.is_empty() {
            return false;
        }
        match slot {
            VintageSlot::New(i) => {
                let planned = &mut self.plan.vintages[*i].window;
                if planned.is_empty() {
                    *planned = item.window;
                }
                false
            }
            VintageSlot::Known(id) => {
                let same = self.known.windows.get(id) == Some(&item.window);
                let planned = self.plan.windows.iter().any(|(other, _)| other == id);
                if same || planned {
                    return false;
                }
                self.plan.windows.push((id.clone(), item.window));
                true
            }
        }
    }

    /// A bottle that the cellar was told of before, which this line speaks of.
    fn known_here(&mut self, item: &Item) -> Option<BottleId> {
        let named = item.bottle_key.as_ref().map(|key| format!("id/{key}"));
        if let Some((id, _)) = named.as_ref().and_then(|key| self.known.refs.get(key)) {
            return Some(BottleId(id.clone()));
        }
        let pool = self.pools.get_mut(&group(item))?;
        let at = match named {
            Some(_) => pool.here.iter().position(|(_, id, _)| !self.aliased.contains(id))?,
            None => 0,
        };
        let (_, id, _) = pool.here.remove(at)?;
        if let Some(key) = named {
            self.plan.bottle_refs.push((key, id.clone()));
        }
        Some(id)
    }

    /// Whether a bottle that has left is known: as one that leaves now (`true`) or that has left before.
    fn known_gone(&mut self, item: &Item, gone: &Gone) -> Option<bool> {
        let named = item.bottle_key.as_ref().map(|key| format!("id/{key}"));
        if let Some((id, _)) = named.as_ref().and_then(|key| self.known.refs.get(key)) {
            let id = BottleId(id.clone());
            return Some(self.leave(id, gone, None));
        }
        let complete = self.file.format.is_complete();
        let pool = self.pools.get_mut(&group(item))?;
        if let Some((_, id)) = pool.gone.pop_front() {
            self.plan.bottle_refs.extend(named.map(|key| (key, id)));
            return Some(false);
        }
        // A table of all bottles would name it among those here; else only a bottle that left after it was entered can
        // be one of those.
        let later = |since: &Option<Instant>| match (since, &gone.on) {
            (Some(since), Some(on)) => on.as_str() > since.date().to_string().as_str(),
            _ => false,
        };
        let at = pool.here.iter().position(|(_, _, since)| complete || later(since))?;
        let (key, id, _) = pool.here.remove(at)?;
        self.plan.bottle_refs.extend(named.map(|key| (key, id.clone())));
        let after = key.replacen("here/", "gone/", 1);
        Some(self.leave(id, gone, Some((key, after))))
    }

    fn leave(&mut self, id: BottleId, gone: &Gone, refs: Option<(String, String)>) -> bool {
        let here = self.known.bottles.get(&id).is_some_and(|bottle| bottle.here);
        let (before, after) = refs.unwrap_or_default();
        if here || !before.is_empty() {
            // One that has left our book as well only changes its identifier.
            self.plan.leaving.push((id, gone.clone(), before, after));
        }
        self.preview.bottles_gone += u32::from(here);
        here
    }

    /// Fills in what the cellar did not know of a bottle: purchase, price, place. What it knows stays.
    fn complete(&mut self, item: &Item, id: &BottleId) -> bool {
        let Some(KnownBottle { here, bin, facts }) = self.known.bottles.get(id) else { return false };
        let mut more = facts.clone();
        if more.purchased_on.is_none() {
            more.purchased_on.clone_from(&item.bottle.purchased_on);
        }
        if more.price_minor.is_none() {
            more.price_minor = item.bottle.price_minor;
            more.currency.clone_from(&item.bottle.currency);
        }
        if more.shop.is_empty() {
            more.shop.clone_from(&item.bottle.shop);
        }
        let changed = more != *facts;
        if changed {
            self.plan.facts.push((id.clone(), more));
        }
        let place = if *here && bin.is_none() { self.lay(item).ok().flatten() } else { None };
        match place {
            Some(bin) => {
                self.plan.moves.push((id.clone(), bin));
                self.preview.bottles_placed += 1;
                true
            }
            None => changed,
        }
    }

    /// A bin with room; the error says why there is none.
    fn lay(&mut self, item: &Item) -> Result<Option<BinId>, String> {
        if item.location.is_empty() && item.bin.is_empty() {
            return Ok(None);
        }
        let Some(bin) = self.places.find(&item.location, &item.bin) else { return Ok(None) };
        match self.room.get_mut(&bin) {
            Some(room) if *room > 0 => {
                *room -= 1;
                Ok(Some(bin))
            }
            _ => Err(format!("bin {bin} is full: what does not fit is not laid into it")),
        }
    }

    fn enter(&mut self, item: &Item, slot: &VintageSlot, gone: Option<&Gone>, warnings: &mut Vec<String>) {
        let mut facts = item.bottle.clone();
        let bin = match gone {
            Some(_) => None,
            None => self.lay(item).unwrap_or_else(|full| {
                warnings.push(full);
                None
            }),
        };
        let place = place::words(&item.location, &item.bin);
        if bin.is_none() && gone.is_none() && !place.is_empty() && facts.notes.chars().count() + place.len() < 1900 {
            facts.notes = format!("{}\nPlace: {place}", facts.notes).trim().to_owned();
        }
        let group = group(item);
        let pool = self.pools.entry(group.clone()).or_default();
        pool.next += 1;
        let state = if gone.is_some() { "gone" } else { "here" };
        let mut refs = vec![format!("{state}/{group}/{}", pool.next)];
        refs.extend(item.bottle_key.as_ref().map(|key| format!("id/{key}")));
        self.preview.bottles_new += 1;
        self.preview.bottles_placed += u32::from(bin.is_some());
        self.preview.bottles_gone += u32::from(gone.is_some());
        self.plan.bottles.push(NewBottle { vintage: slot.clone(), facts, bin, gone: gone.cloned(), refs });
    }

    fn note(&mut self, item: &Item, slot: &VintageSlot) -> bool {
        let Some(note) = &item.note else { return false };
        let planned = self.plan.notes.iter().any(|(_, _, key)| *key == note.key);
        if planned || self.known.refs.contains_key(&note.key) {
            return false;
        }
        let tasted_on = note.on.clone().unwrap_or_else(|| self.today.clone());
        let facts = NoteFacts { bottle_id: None, tasted_on, body: note.body.clone(), rating: note.rating };
        self.plan.notes.push((slot.clone(), facts, note.key.clone()));
        self.preview.notes_new += 1;
        true
    }

    fn finish(mut self) -> (Plan, Preview) {
        for line in &self.preview.lines {
            *self.preview.outcomes.entry(line.outcome.as_str().to_owned()).or_default() += 1;
            self.preview.warned += u32::from(!line.warnings.is_empty());
        }
        self.preview.total = u32::try_from(self.preview.lines.len()).unwrap_or(u32::MAX);
        if self.file.format.is_complete() {
            let missing = self.pools.values().flat_map(|pool| &pool.here);
            let missing = missing.filter(|(_, id, _)| self.known.bottles.get(id).is_some_and(|bottle| bottle.here));
            let missing = missing.count();
            if missing > 0 {
                self.preview.notices.push(format!(
                    "{missing} bottles of earlier imports are in the cellar's book but not in this file: they stay; \
                     book them out where they have left."
                ));
            }
        }
        (self.plan, self.preview)
    }
}
