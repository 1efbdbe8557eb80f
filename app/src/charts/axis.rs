//! Axes with round numbers.

/// Round values from 0 (or below) that reach over `most`: at most six of them, and the last is the axis' end.
pub fn ticks(most: i64) -> Vec<i64> {
    let most = most.max(1);
    let mut unit = 1_i64;
    loop {
        for step in [1, 2, 5] {
            let step = unit.saturating_mul(step);
            let count = most.div_euclid(step) + i64::from(most.rem_euclid(step) > 0);
            if count <= 5 {
                return (0..=count).map(|n| n * step).collect();
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Where a value stands between two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The highest value.
    pub most: i64,
    /// Where 0 stands.
    pub zero: f64,
    /// Where the highest value stands.
    pub end: f64,
}

impl Scale {
    /// The place of a value; what is below 0 stands at 0.
    pub fn at(&self, value: i64) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let part = value.max(0) as f64 / self.most.max(1) as f64;
        self.zero + (self.end - self.zero) * part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_reach_over_the_values() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(7), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(100), [0, 20, 40, 60, 80, 100]);
        assert_eq!(ticks(101), [0, 50, 100, 150]);
        assert_eq!(ticks(48_213), [0, 10_000, 20_000, 30_000, 40_000, 50_000]);
        for most in 1..3000 {
            let ticks = ticks(most);
            assert!(ticks.len() <= 6 && ticks.last().is_some_and(|last| *last >= most), "{most}: {ticks:?}");
        }
    }

    #[test]
    fn values_stand_between_the_ends() {
        let scale = Scale { most: 10, zero: 100.0, end: 0.0 };
        assert_eq!([scale.at(0), scale.at(5), scale.at(10), scale.at(-3)], [100.0, 50.0, 0.0, 100.0]);
    }
}
