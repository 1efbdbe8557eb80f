//! The book of the simulated cellar, and which of its bottles is which real one.

use std::collections::HashMap;

use models::{
    Instant,
    bottle::BottleStatus,
    db::{
        Db, DbError,
        bottles::{self, BottleFilter},
        movements,
    },
    ids::{BinId, BottleId, VintageId},
    movement::{Actor, IssueReason, MovementRequest, Source},
};

use super::{
    day::{self, Booked},
    world::{Spot, World},
};
use crate::demo::book;

/// A cellar's database with what ties it to the world.
pub(super) struct Shelf {
    /// The database.
    pub(super) db: Db,
    /// The vintage of each wine.
    pub(super) vintages: Vec<VintageId>,
    /// The bottle of the book of each real one; none for one that nobody has entered.
    pub(super) of_real: Vec<Option<BottleId>>,
}

/// Where the book has a bottle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Written {
    /// In that bin.
    Bin(String),
    /// In the cellar, in no bin.
    Waiting,
    /// Left.
    Gone,
}

impl Written {
    /// The bin, if it is in one.
    pub(super) fn bin(&self) -> Option<&String> {
        match self {
            Self::Bin(bin) => Some(bin),
            Self::Waiting | Self::Gone => None,
        }
    }
}

/// Who writes.
pub(super) fn actor() -> Actor {
    Actor { name: "Anna".to_owned(), source: Source::Kiosk }
}

impl Shelf {
    /// A new cellar whose book is right.
    pub(super) fn open(url: &str, world: &World) -> anyhow::Result<Self> {
        let db = Db::open(url)?;
        db.migrate()?;
        let start = day::at(0, 12, 0);
        let (vintages, of_real) = db.write(|conn| {
            book::rack(conn, &world.calibration(), &actor())?;
            let vintages = book::vintages(conn, &actor())?;
            let mut of_real = Vec::new();
            for bottle in &world.bottles {
                let bin = bin_name(world, bottle.spot);
                let came = MovementRequest::receipt(vintages[bottle.wine % vintages.len()].clone(), bin);
                of_real.push(Some(movements::movement_apply(conn, &came, &actor(), start)?.bottle_id));
            }
            Ok::<_, DbError>((vintages, of_real))
        })?;
        Ok(Self { db, vintages, of_real })
    }

    /// The vintage of a real bottle.
    pub(super) fn vintage(&self, world: &World, bottle: usize) -> VintageId {
        self.vintages[world.bottles[bottle].wine % self.vintages.len()].clone()
    }

    /// Writes down what somebody says; what the book refuses is shrugged off.
    pub(super) fn book(&mut self, act: &Booked, world: &World, now: Instant) -> anyhow::Result<()> {
        self.of_real.resize(world.bottles.len(), None);
        let known = |bottle: usize| self.of_real[bottle].clone();
        let name = |bin: Option<usize>| bin.map(|bin| BinId::from(world.name(bin)));
        let (bottle, request) = match *act {
            Booked::Drunk(bottle) => (bottle, known(bottle).map(|id| MovementRequest::issue(id, IssueReason::Drunk))),
            Booked::Laid(bottle, bin) => {
                (bottle, known(bottle).map(|bottle_id| MovementRequest::Move { bottle_id, bin: name(bin) }))
            }
            Booked::Came(bottle, bin) => {
                (bottle, Some(MovementRequest::receipt(self.vintage(world, bottle), name(bin))))
            }
        };
        let Some(request) = request else { return Ok(()) };
        if let Some(done) = self.apply(&request, now)? {
            self.of_real[bottle] = Some(done);
        }
        Ok(())
    }

    /// Does one movement; none where the rules refuse it.
    pub(super) fn apply(&self, request: &MovementRequest, now: Instant) -> anyhow::Result<Option<BottleId>> {
        let done = self.db.write(|conn| movements::movement_apply(conn, request, &actor(), now));
        match done {
            Ok(movement) => Ok(Some(movement.bottle_id)),
            Err(DbError::Rule(_) | DbError::Conflict(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the book has each of its bottles.
    pub(super) fn written(&self) -> anyhow::Result<HashMap<BottleId, Written>> {
        let all = self.db.read(|conn| bottles::bottle_list(conn, &BottleFilter::default(), None, 1_000_000, 2026))?;
        let place = |view: models::bottle::BottleView| match (view.bottle.status, view.bottle.bin) {
            (BottleStatus::Gone, _) => (view.bottle.id, Written::Gone),
            (_, Some(bin)) => (view.bottle.id, Written::Bin(bin.0)),
            (_, None) => (view.bottle.id, Written::Waiting),
        };
        Ok(all.into_iter().map(place).collect())
    }
}

/// The name of a bin that a bottle lies in.
pub(super) fn bin_name(world: &World, spot: Spot) -> Option<BinId> {
    match spot {
        Spot::Bin(bin) => Some(BinId::from(world.name(bin))),
        _ => None,
    }
}

impl Shelf {
    /// Bottles of one wine are as good as each other: whose record is whose is decided so that as few as possible lie elsewhere
    /// than written. What differs then is a wine in a wrong place.
    pub(super) fn recognise(&mut self, world: &World) -> anyhow::Result<()> {
        self.of_real.resize(world.bottles.len(), None);
        let written = self.written()?;
        let mut of_vintage: HashMap<&VintageId, Vec<&BottleId>> = HashMap::new();
        let labels = self.labels()?;
        for (id, vintage) in &labels {
            of_vintage.entry(vintage).or_default().push(id);
        }
        for (wine, vintage) in self.vintages.iter().enumerate() {
            let mut free: Vec<&BottleId> = of_vintage.remove(vintage).unwrap_or_default();
            free.sort();
            let mut reals: Vec<usize> = (0..world.bottles.len())
                .filter(|real| world.bottles[*real].wine % self.vintages.len() == wine)
                .collect();
            let before: HashMap<usize, BottleId> =
                reals.iter().filter_map(|real| Some((*real, self.of_real[*real].clone()?))).collect();
            reals.iter().for_each(|real| self.of_real[*real] = None);
            let fits = |real: usize, id: &BottleId| written.get(id) == Some(&true_place(world, real));
            // Those that are where they are written to be, by their own record, then by another of the wine; then the rest. Bottles in
            // the rack choose first.
            reals.sort_by_key(|real| !matches!(world.bottles[*real].spot, Spot::Bin(_)));
            for step in 0..4 {
                reals.retain(|&real| {
                    let own = before.get(&real).filter(|own| free.contains(own));
                    let found = match step {
                        0 => own.filter(|own| fits(real, own)),
                        1 => free.iter().copied().find(|id| fits(real, id)),
                        2 => own,
                        // A record that is left and a bottle that is left belong together, wherever they are.
                        _ => free.iter().copied().min_by_key(|id| !matches!(written.get(id), Some(Written::Bin(_)))),
                    };
                    let Some(found) = found.cloned() else { return true };
                    free.retain(|id| **id != found);
                    self.of_real[real] = Some(found);
                    false
                });
            }
        }
        Ok(())
    }

    /// The vintage of each bottle of the book.
    pub(super) fn labels(&self) -> anyhow::Result<HashMap<BottleId, VintageId>> {
        let all = self.db.read(|conn| bottles::bottle_list(conn, &BottleFilter::default(), None, 1_000_000, 2026))?;
        Ok(all.into_iter().map(|view| (view.bottle.id, view.bottle.vintage_id)).collect())
    }
}

/// Where a bottle is, in the book's words.
pub(super) fn true_place(world: &World, real: usize) -> Written {
    match world.bottles[real].spot {
        Spot::Bin(bin) => Written::Bin(world.name(bin).to_owned()),
        Spot::Table => Written::Waiting,
        Spot::Gone => Written::Gone,
    }
}
