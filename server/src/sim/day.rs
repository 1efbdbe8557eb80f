//! A day of the household: what people do with bottles, and what they write down of it.

use chrono::{NaiveDate, TimeDelta};
use models::Instant;
use vision::render::Rng;

use super::world::{Spot, World};

/// How often things happen in a day, and how well they are written down.
pub(super) struct Habits {
    /// Share of days on which a bottle is drunk; of these every fourth sees a second one.
    drink: f64,
    /// A bottle is laid elsewhere.
    tidy: f64,
    /// A case comes.
    case: f64,
    /// Guests help themselves.
    guests: f64,
    /// Two bottles are exchanged by whoever put them back.
    exchange: f64,
    /// A bottle is taken to the table; as often one is put back.
    table: f64,
}

impl Habits {
    /// Somebody who drinks a bottle every other day, and books two acts of three.
    pub(super) fn usual() -> Self {
        Self { drink: 0.45, tidy: 0.2, case: 0.17, guests: 0.03, exchange: 0.02, table: 0.04 }
    }

    /// Nobody comes.
    pub(super) fn none() -> Self {
        Self { drink: 0.0, tidy: 0.0, case: 0.0, guests: 0.0, exchange: 0.0, table: 0.0 }
    }
}

/// What somebody writes into the book.
#[derive(Debug, Clone, Copy)]
pub(super) enum Booked {
    /// The bottle has been drunk.
    Drunk(usize),
    /// The bottle lies there, or (none) on the table.
    Laid(usize, Option<usize>),
    /// The bottle has come, and lies there, or (none) waits.
    Came(usize, Option<usize>),
}

/// Somebody comes to the rack, for one thing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Visit {
    /// For a bottle to drink, or two.
    Drink,
    /// Guests, who book nothing.
    Guests,
    /// To lay a bottle elsewhere.
    Tidy,
    /// To put back two bottles, each in the other's place.
    Exchange,
    /// To take a bottle to the table.
    Take,
    /// To put one back from there.
    Return,
    /// With a case that has come.
    Case,
}

impl Visit {
    /// All there can be in a day, in their order.
    pub(super) const ALL: [Self; 7] =
        [Self::Drink, Self::Guests, Self::Tidy, Self::Exchange, Self::Take, Self::Return, Self::Case];

    /// When this one comes.
    pub(super) fn at(self, day: u32) -> Instant {
        at(day, 9, 0) + TimeDelta::minutes(90 * self as i64)
    }

    /// Lets it happen, if it does this day; returns what was booked, rightly or wrongly. None if nobody came.
    pub(super) fn live(self, world: &mut World, habits: &Habits, dice: &mut Rng) -> Option<Vec<Booked>> {
        let often = match self {
            Self::Drink => habits.drink,
            Self::Guests => habits.guests,
            Self::Tidy => habits.tidy,
            Self::Exchange => habits.exchange,
            Self::Take | Self::Return => habits.table,
            Self::Case => habits.case,
        };
        if !dice.chance(often) {
            return None;
        }
        let mut booked = Vec::new();
        match self {
            Self::Drink => {
                drink(world, 0.66, &mut booked, dice);
                if dice.chance(0.25) {
                    drink(world, 0.66, &mut booked, dice);
                }
            }
            Self::Guests => {
                for _ in 0..dice.int(1, 2) {
                    drink(world, 0.0, &mut booked, dice);
                }
            }
            Self::Tidy => tidy(world, &mut booked, dice),
            Self::Exchange => exchange(world, dice),
            Self::Take => to_table(world, &mut booked, dice),
            Self::Return => from_table(world, &mut booked, dice),
            Self::Case => case(world, &mut booked, dice),
        }
        Some(booked)
    }
}

/// The time of a day of the simulation.
pub(super) fn at(day: u32, hour: u32, minute: u32) -> Instant {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    first.and_hms_opt(hour, minute, 0).unwrap_or_default() + TimeDelta::days(i64::from(day))
}

/// A bottle of the rack: what lies on top is taken more often.
fn any(world: &World, dice: &mut Rng) -> Option<usize> {
    let full: Vec<usize> = (0..world.bins.len()).filter(|bin| !world.bins[*bin].is_empty()).collect();
    let bin = (!full.is_empty()).then(|| dice.pick(&full))?;
    let held = &world.bins[bin];
    let lowest = dice.unit().max(dice.unit());
    held.get((lowest * held.len() as f64) as usize).copied()
}

/// A bin with room, another than that.
fn room(world: &World, but: Option<usize>, dice: &mut Rng) -> Option<usize> {
    let free: Vec<usize> = (0..world.bins.len()).filter(|bin| Some(*bin) != but && world.room(*bin) > 0).collect();
    (!free.is_empty()).then(|| dice.pick(&free))
}

fn bin_of(world: &World, bottle: usize) -> Option<usize> {
    match world.bottles[bottle].spot {
        Spot::Bin(bin) => Some(bin),
        _ => None,
    }
}

fn drink(world: &mut World, book: f64, booked: &mut Vec<Booked>, dice: &mut Rng) {
    let Some(bottle) = any(world, dice) else { return };
    let neighbours = bin_of(world, bottle).map_or(Vec::new(), |bin| world.bins[bin].clone());
    world.put(bottle, Spot::Gone);
    if dice.chance(book) {
        // One of twelve is booked as its neighbour in the bin.
        let named = if dice.chance(1.0 / 12.0) { dice.pick(&neighbours) } else { bottle };
        booked.push(Booked::Drunk(named));
    }
}

fn tidy(world: &mut World, booked: &mut Vec<Booked>, dice: &mut Rng) {
    let Some(bottle) = any(world, dice) else { return };
    let Some(to) = room(world, bin_of(world, bottle), dice) else { return };
    world.put(bottle, Spot::Bin(to));
    if dice.chance(0.4) {
        booked.push(Booked::Laid(bottle, Some(to)));
    }
}

fn exchange(world: &mut World, dice: &mut Rng) {
    if let (Some(a), Some(b)) = (any(world, dice), any(world, dice))
        && bin_of(world, a) != bin_of(world, b)
    {
        world.exchange(a, b);
    }
}

fn to_table(world: &mut World, booked: &mut Vec<Booked>, dice: &mut Rng) {
    let Some(bottle) = any(world, dice) else { return };
    world.put(bottle, Spot::Table);
    if dice.chance(0.5) {
        booked.push(Booked::Laid(bottle, None));
    }
}

fn from_table(world: &mut World, booked: &mut Vec<Booked>, dice: &mut Rng) {
    let waiting: Vec<usize> =
        (0..world.bottles.len()).filter(|bottle| world.bottles[*bottle].spot == Spot::Table).collect();
    let Some(to) = room(world, None, dice).filter(|_| !waiting.is_empty()) else { return };
    let bottle = dice.pick(&waiting);
    world.put(bottle, Spot::Bin(to));
    if dice.chance(0.3) {
        booked.push(Booked::Laid(bottle, Some(to)));
    }
}

/// One to six bottles of a wine, laid where there is room.
fn case(world: &mut World, booked: &mut Vec<Booked>, dice: &mut Rng) {
    let wine = dice.int(0, world.wines() as u32 - 1) as usize;
    // Booked with its bins, booked and only put away, or not booked at all.
    let care = dice.unit();
    for _ in 0..dice.int(1, 6) {
        let Some(to) = room(world, None, dice) else { return };
        let bottle = world.add(wine, Spot::Bin(to), dice);
        if care < 0.5 {
            // One of fifteen is laid into another bin than is written down.
            let written = if dice.chance(1.0 / 15.0) { room(world, Some(to), dice).unwrap_or(to) } else { to };
            booked.push(Booked::Came(bottle, Some(written)));
        } else if care < 0.85 {
            booked.push(Booked::Came(bottle, None));
        }
    }
}
