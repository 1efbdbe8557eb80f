//! How often an address may have labels read: a cellar is entered bottle by bottle, a hostile page asks for more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Readings in a row.
const READINGS: usize = 20;
/// Frames of a camera in a row: two a second, and some for a second screen of the house.
const FRAMES: usize = 180;
/// Time that they are counted for.
const SPAN: Duration = Duration::from_secs(60);
/// Most addresses that are remembered.
const ADDRESSES: usize = 1000;

/// Counts readings. Clones share their counts.
#[derive(Clone)]
pub(crate) struct Pace {
    most: usize,
    times: Arc<Mutex<HashMap<String, Vec<Instant>>>>,
}

impl Pace {
    /// Of whole readings.
    pub(crate) fn of_readings() -> Self {
        Self { most: READINGS, times: Arc::default() }
    }

    /// Of frames that codes are looked for in.
    pub(crate) fn of_frames() -> Self {
        Self { most: FRAMES, times: Arc::default() }
    }

    /// Admits a reading, or says how long to wait.
    pub(crate) fn admit(&self, address: &str, now: Instant) -> Result<(), Duration> {
        let mut all = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, times| times.last().is_some_and(|last| now.duration_since(*last) < SPAN));
        if all.len() >= ADDRESSES && !all.contains_key(address) {
            // Many strangers must not keep out somebody of the house: the one that asked longest ago is forgotten.
            let oldest = all.iter().min_by_key(|(_, times)| times.last().copied()).map(|(address, _)| address.clone());
            oldest.map(|oldest| all.remove(&oldest));
        }
        let times = all.entry(address.to_owned()).or_default();
        times.retain(|time| now.duration_since(*time) < SPAN);
        match times.first() {
            Some(first) if times.len() >= self.most => Err(SPAN.saturating_sub(now.duration_since(*first))),
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
        let (pace, start) = (Pace::of_readings(), Instant::now());
        (0..READINGS).for_each(|_| pace.admit("a", start).expect("admitted"));
        let wait = pace.admit("a", start + Duration::from_secs(10)).expect_err("refused");
        assert_eq!(wait, Duration::from_secs(50));
        pace.admit("b", start).expect("another address");
        pace.admit("a", start + SPAN).expect("a minute later");
    }
}
