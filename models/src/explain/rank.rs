//! Which bottles a question may be about, the likeliest first.

use super::{
    BinSight, Candidate, Lying,
    bin::{Changes, Gone},
};
use crate::window::DrinkState;

/// How fast unlikeness makes a bottle unlikely: at 0.07 less alike it is 2.7 times less likely.
const SHARP: f64 = 0.07;
/// Weight of a bottle of which nobody knows how it looks.
const UNSEEN: f64 = 0.15;
/// Weight of a bottle whose end is where it was.
const STILL_THERE: f64 = 0.005;
/// Weight of a bottle that left not long ago: somebody may have booked the wrong one.
const LEFT: f64 = 0.25;
/// A bottle that left is not thought of below this likeness.
const LEAST_LEFT: f64 = 0.75;
/// Weight of a bottle that is in no book.
const STRANGER: f64 = 0.05;
/// So many are named.
const MOST: usize = 12;

/// The bottles of a bin from which these ends have gone, ranked by looks, drinking window and position.
pub fn missing(sight: &BinSight, changes: &Changes, gone: &[Gone]) -> Vec<Candidate> {
    let weigh = |lying: &Lying| {
        let named = gone.iter().any(|gone| gone.bottle.as_ref() == Some(&lying.id));
        let looks = if named {
            1.0
        } else if changes.still.contains(&lying.id) {
            STILL_THERE
        } else {
            let alike = gone.iter().filter_map(|gone| lying.like(&gone.looks)).reduce(f64::max);
            alike.map_or(UNSEEN, sharp)
        };
        looks * wanted(lying.drink) * reach(sight, lying)
    };
    shares(sight.lying.iter().map(|lying| (lying, weigh(lying))), gone.len(), 0.0)
}

/// The bottles that may have come into a bin: those that wait to be put away, and those that left not long ago.
pub fn arrived(come: &[Vec<f32>], waiting: &[Lying], left: &[Lying]) -> Vec<Candidate> {
    let alike = |lying: &Lying| come.iter().filter_map(|looks| lying.like(looks)).reduce(f64::max);
    let waits = waiting.iter().map(|lying| (lying, alike(lying).map_or(UNSEEN, sharp)));
    let back = left.iter().filter_map(|lying| {
        let alike = alike(lying).filter(|alike| *alike >= LEAST_LEFT)?;
        Some((lying, LEFT * sharp(alike)))
    });
    shares(waits.chain(back), come.len(), STRANGER)
}

fn sharp(alike: f64) -> f64 {
    ((alike - 1.0) / SHARP).exp()
}

/// People drink what is ready.
fn wanted(state: DrinkState) -> f64 {
    match state {
        DrinkState::Peak | DrinkState::Past => 1.0,
        DrinkState::Ready => 0.9,
        DrinkState::Unknown => 0.7,
        DrinkState::Young => 0.4,
    }
}

/// What lies on top is taken more easily: 0.7 for the lowest end of the bin, 1 for the highest.
fn reach(sight: &BinSight, lying: &Lying) -> f64 {
    let ends = sight.memory.as_ref().map_or(&[][..], |memory| &memory.ends);
    let lowest = ends.iter().map(|known| known.end.y).fold(f64::NEG_INFINITY, f64::max);
    let highest = ends.iter().map(|known| known.end.y).fold(f64::INFINITY, f64::min);
    let own = ends.iter().find(|known| known.bottle.as_ref() == Some(&lying.id));
    own.filter(|_| lowest > highest).map_or(0.85, |known| 0.7 + 0.3 * (lowest - known.end.y) / (lowest - highest))
}

/// Weights as shares of the number of bottles; of equal ones the first given stays first.
fn shares<'a>(weights: impl Iterator<Item = (&'a Lying, f64)>, number: usize, stranger: f64) -> Vec<Candidate> {
    let mut all: Vec<(&Lying, f64)> = weights.collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let sum = stranger + all.iter().map(|(_, weight)| weight).sum::<f64>();
    let share = |weight: f64| ((weight / sum.max(1e-12) * number as f64).min(1.0) * 1000.0).round() / 1000.0;
    all.into_iter()
        .take(MOST)
        .map(|(lying, weight)| Candidate { bottle_id: lying.id.clone(), share: share(weight) })
        .collect()
}
