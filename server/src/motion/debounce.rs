//! When a scan is due after motion. Pure: the clock is the caller's.

use std::time::{Duration, Instant};

/// A scan that finds another one going on is tried again so often; the timer's scan comes anyway.
const TRIES: u32 = 5;

/// Waits until it is quiet, and never starts two scans shortly after each other.
#[derive(Debug, Clone)]
pub(super) struct Debounce {
    quiet: Duration,
    pause: Duration,
    /// The last motion that no scan has answered yet.
    moved: Option<Instant>,
    started: Option<Instant>,
    refused: u32,
}

impl Debounce {
    /// `quiet`: nothing must have moved for so long. `pause`: between the starts of two scans.
    pub(super) fn new(quiet: Duration, pause: Duration) -> Self {
        Self { quiet, pause, moved: None, started: None, refused: 0 }
    }

    /// Something moves.
    pub(super) fn moved(&mut self, now: Instant) {
        self.moved = Some(now);
        self.refused = 0;
    }

    /// When the scan is due; none while nothing has moved.
    pub(super) fn due(&self) -> Option<Instant> {
        let quiet = self.moved? + self.quiet;
        Some(self.started.map_or(quiet, |started| quiet.max(started + self.pause)))
    }

    /// The scan that was asked for at `asked` goes on. What has moved since is not answered by it.
    pub(super) fn started(&mut self, asked: Instant) {
        self.started = Some(asked);
        self.moved = self.moved.filter(|moved| *moved > asked);
    }

    /// The scan could not be started; says whether it is tried again.
    pub(super) fn refused(&mut self, now: Instant) -> bool {
        self.refused += 1;
        self.moved = (self.refused < TRIES).then_some(now);
        self.moved.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_scan_is_due_when_it_has_been_quiet_and_not_too_soon_after_another() {
        let start = Instant::now();
        let mut debounce = Debounce::new(Duration::from_secs(60), Duration::from_secs(600));
        assert_eq!(debounce.due(), None);
        for second in [0, 30, 80] {
            debounce.moved(at(start, second));
        }
        assert_eq!(debounce.due(), Some(at(start, 140)), "each motion puts it off");
        debounce.started(at(start, 140));
        assert_eq!(debounce.due(), None);
        debounce.moved(at(start, 200));
        assert_eq!(debounce.due(), Some(at(start, 740)), "ten minutes after the other");
        debounce.moved(at(start, 735));
        assert_eq!(debounce.due(), Some(at(start, 795)));
        debounce.moved(at(start, 796));
        debounce.started(at(start, 795));
        assert_eq!(debounce.due(), Some(at(start, 795 + 600)), "it moved while the scan was being started");
    }

    #[test]
    fn a_scan_that_finds_another_is_tried_again_but_not_for_ever() {
        let start = Instant::now();
        let mut debounce = Debounce::new(Duration::from_secs(10), Duration::ZERO);
        debounce.moved(start);
        let tried = (1..20).take_while(|n| debounce.refused(at(start, 10 * n))).count();
        assert_eq!((tried, debounce.due()), (4, None));
        debounce.moved(at(start, 500));
        assert!(debounce.refused(at(start, 510)), "new motion, new tries");
    }
}
