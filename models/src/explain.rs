//! Explains what a scan saw: one bottle that lies in another bin now, one that was taken, one that came, two that were
//! exchanged. Pure; `docs/TRUTH.md` says how often each is right.
//!
//! A bin's [`Memory`] is how it looked when book and camera last agreed, with the bottle of each end where it is known.
//! [`bin`] tells what has gone and come since, [`pair`] what of it is one change in two bins, [`mistaken`] whether another bottle
//! left than was booked, [`replaced`] whether one took the place of one that is asked about, [`rank`] which bottles it may be about.

mod assign;
pub mod bin;
pub mod mistaken;
pub mod pair;
pub mod rank;
pub mod replaced;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BinId, BottleId, VintageId},
    scan::SeenEnd,
    window::DrinkState,
};

/// A bottle end with its signature at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Middle, to the right, in pixels of the straightened picture.
    pub x: f64,
    /// Middle, downwards.
    pub y: f64,
    /// Radius.
    pub r: f64,
    /// Its signature; empty where nobody looked.
    pub looks: Vec<f32>,
}

impl From<&SeenEnd> for Mark {
    fn from(end: &SeenEnd) -> Self {
        Self { x: end.x, y: end.y, r: end.r, looks: end.signature() }
    }
}

/// An end that is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// How it looked, and where.
    #[serde(flatten)]
    pub end: SeenEnd,
    /// Whose end it is, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bottle: Option<BottleId>,
}

/// How a bin looked when book and camera last agreed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// The bottles that lay in it by the book.
    pub bottles: Vec<BottleId>,
    /// Their ends.
    pub ends: Vec<Known>,
}

/// A bottle of the book, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
pub struct Lying {
    /// Which.
    pub id: BottleId,
    /// What is in it: bottles of one vintage look alike.
    pub vintage: VintageId,
    /// Whether it is time to drink it.
    pub drink: DrinkState,
    /// How it looked when it was last known; none if it never was.
    pub looks: Option<Vec<f32>>,
    /// How other bottles of its vintage look.
    pub kin: Vec<Vec<f32>>,
}

/// One bin, as book, memory and picture have it.
#[derive(Debug, Clone, PartialEq)]
pub struct BinSight {
    /// The bin.
    pub bin: BinId,
    /// Its bottles by the book, those that lie there the longest first.
    pub lying: Vec<Lying>,
    /// How it looked before; none where it never agreed.
    pub memory: Option<Memory>,
    /// The ends in the picture.
    pub ends: Vec<SeenEnd>,
}

/// A bottle a question may be about, and how likely: the shares of all add up to the number of bottles it is about, or less
/// where it may be another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Which.
    pub bottle_id: BottleId,
    /// 0 to 1.
    pub share: f64,
}

/// Signatures as they are kept, for `#[serde(with = …)]`.
pub mod packed {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::scan::SeenEnd;

    /// Writes the digits.
    pub fn serialize<S: Serializer>(looks: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&SeenEnd::pack(looks))
    }

    /// Reads the digits.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f32>, D::Error> {
        String::deserialize(deserializer).map(|looks| SeenEnd::unpack(&looks))
    }
}

/// How alike two signatures are: 1 the same, 0 nothing in common. None where one of them is missing.
pub fn likeness(a: &[f32], b: &[f32]) -> Option<f64> {
    if a.is_empty() || a.len() != b.len() {
        return None;
    }
    let product = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(p, q)| f64::from(p * q)).sum::<f64>();
    // They are kept in bytes, so their lengths are only nearly 1.
    let lengths = (product(a, a) * product(b, b)).sqrt();
    (lengths > 1e-9).then(|| (product(a, b) / lengths).clamp(-1.0, 1.0))
}

impl Lying {
    /// How alike an end and this bottle are, by its own looks or else by those of its vintage.
    pub fn like(&self, looks: &[f32]) -> Option<f64> {
        let own = self.looks.as_deref().and_then(|own| likeness(own, looks));
        own.or_else(|| self.kin.iter().filter_map(|kin| likeness(kin, looks)).reduce(f64::max))
    }
}
