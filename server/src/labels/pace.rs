//! How often an address may have labels read: a cellar is entered bottle by bottle, a hostile page asks for more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Readings in a row.
const MOST: usize = 20;
/// Time that they are counted for.
const SPAN: Duration = Duration::from_secs(60);
/// Most addresses that are remembered.
const ADDRESSES: usize = 1000;

/// Counts readings. Clones share their counts.
#[derive(Clone, Default)]
pub(crate) struct Pace(Arc<Mutex<HashMap<String, Vec<Instant>>>>);

impl Pace {
    /// Admits a reading, or says how long to wait.
    pub(crate) fn admit(&self, address: &str, now: Instant) -> Result<(), Duration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, times| times.last().is_some_and(|last| now.duration_since(*last) < SPAN));
        if all.len() >= ADDRESSES && !all.contains_key(address) {
            // Many strangers must not keep out somebody of the house: the one that asked longest ago is forgotten.
            let oldest = all.iter().min_by_key(|(_, times)| times.last().copied()).map(|(address, _)| address.clone());
            oldest.map(|oldest| all.remove(&oldest));
        }
        let times = all.entry(address.to_owned()).or_default();
        times.retain(|time| now.duration_since(*time) < SPAN);
        match times.first() {
            Some(first) if times.len() >= MOST => Err(SPAN.saturating_sub(now.duration_since(*first))),
            _ => {
                times.push(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_a_minute_and_no_more() {
        let (pace, start) = (Pace::default(), Instant::now());
        (0..MOST).for_each(|_| pace.admit("a", start).expect("admitted"));
        let wait = pace.admit("a", start + Duration::from_secs(10)).expect_err("refused");
        assert_eq!(wait, Duration::from_secs(50));
        pace.admit("b", start).expect("another address");
        pace.admit("a", start + SPAN).expect("a minute later");
    }
}
