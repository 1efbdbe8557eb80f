//! What is one change in two bins: a bottle that lies elsewhere now, and two that were exchanged.

use super::{
    Lying,
    assign::assign,
    bin::{Changes, Gone},
    likeness,
};
use crate::ids::{BinId, BottleId};

/// A bottle in another bin is so alike at least: the lamp shines on it from elsewhere.
const MOVED: f64 = 0.8;
/// Where one bottle went and one came in the same scan and nothing else did, that alone speaks for a move.
const ALONE: f64 = 0.65;
/// Of a change that was asked about before, only clear likeness makes a part of another.
const LATER: f64 = 0.9;
/// A bottle that waits to be put away explains an arrival better if it is that much more alike.
const BETTER: f64 = 0.03;
/// An exchange is told by ends that are more alike crosswise than straight, by so much.
const CROSSED: f64 = 0.1;

/// A bin that differs from the book.
#[derive(Debug, Clone, PartialEq)]
pub struct Differing<'a> {
    /// Which.
    pub bin: &'a BinId,
    /// Ends that have gone.
    pub gone: &'a [Gone],
    /// Ends that have come.
    pub come: &'a [Vec<f32>],
    /// Whether this scan is the first to show it.
    pub fresh: bool,
}

/// Bottles that lie in another bin than the book says.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Place of the bin they left, in the list given.
    pub from: usize,
    /// Place of the bin they lie in.
    pub to: usize,
    /// Which of its ends went.
    pub gone: Vec<usize>,
    /// Which ends came.
    pub come: Vec<usize>,
    /// How alike they are, at worst; none where nobody knows how the bottle looks.
    pub likeness: Option<f64>,
}

/// Finds the moves among bins that differ. `waiting` are the bottles in no bin.
pub fn moves(bins: &[Differing<'_>], waiting: &[Lying]) -> Vec<Move> {
    let gone: Vec<(usize, usize)> = places(bins, |bin| bin.gone.len());
    let come: Vec<(usize, usize)> = places(bins, |bin| bin.come.len());
    let like =
        |&(from, g): &(usize, usize), &(to, c): &(usize, usize)| likeness(&bins[from].gone[g].looks, &bins[to].come[c]);
    let costs: Vec<Vec<f64>> = gone
        .iter()
        .map(|g| come.iter().map(|c| if g.0 == c.0 { 9.0 } else { 1.0 - like(g, c).unwrap_or(0.5) }).collect())
        .collect();
    let pairs: Vec<_> = gone
        .iter()
        .zip(assign(&costs))
        .filter_map(|(g, c)| Some((*g, come[c?])))
        .filter(|(g, c)| g.0 != c.0)
        .filter(|(g, c)| !better_explained(like(g, c), &bins[c.0].come[c.1], waiting))
        .collect();
    let fresh = |g: &(usize, usize), c: &(usize, usize)| bins[g.0].fresh && bins[c.0].fresh;
    let clear = |(g, c): &((usize, usize), (usize, usize))| {
        like(g, c).is_some_and(|alike| alike >= if fresh(g, c) { MOVED } else { LATER })
    };
    let (mut believed, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(clear);
    // Where, of what the clear ones leave, one end went and one came in the same scan, that alone speaks for a move.
    if let [(g, c)] = rest.as_slice()
        && gone.len() == believed.len() + 1
        && come.len() == believed.len() + 1
        && fresh(g, c)
    {
        let likely = match like(g, c) {
            Some(alike) => alike >= ALONE,
            // Booked into one bin and never seen there, while one came in another: it was laid into the wrong one.
            None => bins[g.0].gone[g.1].never_came && waiting.is_empty(),
        };
        if likely {
            believed.push((*g, *c));
        }
    }
    let mut found: Vec<Move> = Vec::new();
    for (g, c) in believed {
        let alike = like(&g, &c);
        match found.iter_mut().find(|one| (one.from, one.to) == (g.0, c.0)) {
            Some(one) => {
                one.gone.push(g.1);
                one.come.push(c.1);
                one.likeness = one.likeness.zip(alike).map(|(a, b)| a.min(b));
            }
            None => {
                found.push(Move { from: g.0, to: c.0, gone: vec![g.1], come: vec![c.1], likeness: alike });
            }
        }
    }
    found
}

/// Whether a bottle that waits to be put away looks more like an end that came than the one that went elsewhere.
fn better_explained(alike: Option<f64>, come: &[f32], waiting: &[Lying]) -> bool {
    let rival = waiting.iter().filter_map(|lying| lying.like(come)).fold(-1.0, f64::max);
    alike.is_some_and(|alike| rival >= alike + BETTER)
}

fn places<'a>(bins: &[Differing<'a>], count: impl Fn(&Differing<'a>) -> usize) -> Vec<(usize, usize)> {
    bins.iter().enumerate().flat_map(|(bin, it)| (0..count(it)).map(move |end| (bin, end))).collect()
}

/// Two bottles that lie in each other's bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Swap {
    /// Places of the two bins in the list given.
    pub bins: [usize; 2],
    /// The bottle that the book has in each, where it is known which end was whose.
    pub bottles: [Option<BottleId>; 2],
    /// How the end looked that lay in each.
    pub looks: [Vec<f32>; 2],
    /// How alike they are crosswise, at worst.
    pub likeness: f64,
}

/// Finds exchanges among bins whose counts agree; each bin is part of one at most.
pub fn swaps(bins: &[&Changes]) -> Vec<Swap> {
    let mut found: Vec<Swap> = Vec::new();
    for (a, one) in bins.iter().enumerate() {
        for (b, other) in bins.iter().enumerate().skip(a + 1) {
            for ((was_a, is_a), (was_b, is_b)) in
                one.strange.iter().flat_map(|x| other.strange.iter().map(move |y| (x, y)))
            {
                let (looks_a, looks_b) = (was_a.end.signature(), was_b.end.signature());
                let (Some(straight_a), Some(straight_b)) =
                    (likeness(&looks_a, &is_a.looks), likeness(&looks_b, &is_b.looks))
                else {
                    continue;
                };
                let (Some(cross_a), Some(cross_b)) = (likeness(&looks_a, &is_b.looks), likeness(&looks_b, &is_a.looks))
                else {
                    continue;
                };
                let likeness = cross_a.min(cross_b);
                if likeness < MOVED || likeness < straight_a.max(straight_b) + CROSSED {
                    continue;
                }
                let bottles = [was_a.bottle.clone(), was_b.bottle.clone()];
                found.push(Swap { bins: [a, b], bottles, looks: [looks_a, looks_b], likeness });
            }
        }
    }
    // The clearest first; what shares a bin with it waits for the next scan.
    found.sort_by(|x, y| y.likeness.total_cmp(&x.likeness));
    let mut taken = Vec::new();
    found.retain(|swap| {
        let free = swap.bins.iter().all(|bin| !taken.contains(bin));
        if free {
            taken.extend(swap.bins);
        }
        free
    });
    found
}
