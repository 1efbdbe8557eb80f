//! How often somebody may be wrong: five times, then waits that double up to a quarter of an hour. Counted for the
//! address that asks and for the name that is asked for; kept in memory, of a bounded size.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Wrong answers that cost nothing.
const FREE: u32 = 5;
/// The first wait.
const FIRST: Duration = Duration::from_secs(5);
/// The longest wait; also how long a wrong answer is remembered.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Most entries kept. An attacker with many addresses pushes out the oldest ones, not the newest.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Entry {
    wrong: u32,
    last: Instant,
    until: Instant,
}

/// Counts wrong answers. Clones share their counts.
#[derive(Clone, Default)]
pub(crate) struct Limiter(Arc<Mutex<HashMap<String, Entry>>>);

impl Limiter {
    /// Admits a try for all the keys, or says how long to wait. The try counts as wrong until [`Limiter::right`] takes
    /// it back, so that many tries at once do not slip through.
    pub(crate) fn admit(&self, keys: &[String], now: Instant) -> Result<(), Duration> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = keys.iter().filter_map(|key| entries.get(key)?.until.checked_duration_since(now)).max();
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        make_room(&mut entries, keys.len(), now);
        for key in keys {
            let entry = entries.entry(key.clone()).or_insert(Entry { wrong: 0, last: now, until: now });
            if now.duration_since(entry.last) > LONGEST {
                entry.wrong = 0;
            }
            entry.wrong = entry.wrong.saturating_add(1);
            entry.last = now;
            entry.until = now + pause(entry.wrong);
        }
        Ok(())
    }

    /// The try was right after all: the name starts afresh, the address gets this one try back. (Were it to start afresh
    /// too, somebody with one account could guess for ever at the others'.)
    pub(crate) fn right(&self, address: &str, name: &str, now: Instant) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(name);
        if let Some(entry) = entries.get_mut(address) {
            entry.wrong = entry.wrong.saturating_sub(1);
            entry.until = now;
        }
    }
}

/// How long to wait after so many wrong answers.
fn pause(wrong: u32) -> Duration {
    match wrong.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(over) => FIRST.saturating_mul(1 << over.min(16)).min(LONGEST),
    }
}

fn make_room(entries: &mut HashMap<String, Entry>, wanted: usize, now: Instant) {
    if entries.len() + wanted <= MOST {
        return;
    }
    entries.retain(|_, entry| now.duration_since(entry.last) <= LONGEST);
    while entries.len() + wanted > MOST {
        let oldest = entries.iter().min_by_key(|(_, entry)| entry.last).map(|(key, _)| key.clone());
        match oldest {
            Some(key) => entries.remove(&key),
            None => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(address: &str, name: &str) -> [String; 2] {
        [address.to_owned(), name.to_owned()]
    }

    #[test]
    fn five_are_free_and_then_the_waits_grow() {
        let limiter = Limiter::default();
        let mut now = Instant::now();
        for _ in 0..5 {
            assert_eq!(limiter.admit(&keys("a", "anna"), now), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..10 {
            let wait = limiter.admit(&keys("a", "anna"), now).expect_err("a wait");
            waits.push(wait.as_secs());
            now += wait;
            assert_eq!(limiter.admit(&keys("a", "anna"), now), Ok(()), "after the wait there is one try");
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert!(limiter.admit(&keys("b", "anna"), now).is_err(), "the name waits whatever the address");
        assert!(limiter.admit(&keys("a", "bert"), now).is_err(), "the address waits whatever the name");
        assert!(limiter.admit(&keys("b", "bert"), now).is_ok());
        assert!(limiter.admit(&keys("a", "anna"), now + LONGEST * 2).is_ok(), "it is forgotten in time");
    }

    #[test]
    fn a_right_answer_frees_the_name_but_not_the_address() {
        let limiter = Limiter::default();
        let now = Instant::now();
        for _ in 0..4 {
            limiter.admit(&keys("a", "bert"), now).expect("free");
        }
        for _ in 0..20 {
            limiter.admit(&keys("a", "anna"), now).expect("Anna knows her password");
            limiter.right("a", "anna", now);
        }
        limiter.admit(&keys("a", "bert"), now).expect("the fifth");
        assert!(limiter.admit(&keys("a", "carl"), now).is_err(), "an own account buys no guesses");
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let limiter = Limiter::default();
        let now = Instant::now();
        for n in 0..MOST / 2 + 50 {
            let later = now + Duration::from_millis(u64::try_from(n).unwrap_or(0));
            assert_eq!(limiter.admit(&keys(&format!("address {n}"), &format!("name {n}")), later), Ok(()));
        }
        assert!(limiter.0.lock().expect("lock").len() <= MOST);
    }
}
