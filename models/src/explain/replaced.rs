//! An end that has taken the place of another while a question about one of the two was open: the count came right, and the bottle
//! that is asked about has gone, or lies there, all the same.

use super::{
    Known, Mark,
    bin::{Changes, Gone},
    likeness,
};

/// An end is the one that came if it is so alike to it.
const IT: f64 = 0.9;

/// The ends that lie where these lay; none where one of them may lie there again, or nobody knows how it looked.
pub fn successors(changes: &Changes, gone: &[Gone]) -> Option<Vec<Mark>> {
    let mut took: Vec<&(Known, Mark)> = changes.strange.iter().collect();
    let mut missed: Vec<&Gone> = changes.gone.iter().collect();
    let mut found = Vec::new();
    for one in gone {
        if one.looks.is_empty() {
            return None;
        }
        let its = |(was, _): &&(Known, Mark)| was.bottle == one.bottle && was.end.signature() == one.looks;
        if let Some(place) = took.iter().position(its) {
            found.push(took.remove(place).1.clone());
        } else {
            missed.remove(missed.iter().position(|still| still.looks == one.looks)?);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The ends in whose places these that came lie; none where one of them is not seen any more.
pub fn predecessors(changes: &Changes, come: &[Vec<f32>]) -> Option<Vec<Known>> {
    let mut took: Vec<&(Known, Mark)> = changes.strange.iter().collect();
    let mut fresh: Vec<&Vec<f32>> = changes.come.iter().collect();
    let mut found = Vec::new();
    for one in come {
        let alike = |looks: &[f32]| likeness(looks, one).is_some_and(|alike| alike >= IT);
        if let Some(place) = took.iter().position(|(_, is)| alike(&is.looks)) {
            found.push(took.remove(place).0.clone());
        } else {
            fresh.remove(fresh.iter().position(|looks| alike(looks))?);
        }
    }
    (!found.is_empty()).then_some(found)
}
