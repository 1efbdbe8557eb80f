//! The machine: temperature, and a Raspberry Pi's word on its power supply.

use app::ctx::Fact;

const TEMPERATURE: &str = "/sys/class/thermal/thermal_zone0/temp";
/// A Raspberry Pi's kernel tells here, in hexadecimal, what it suffers from and what it has suffered from.
const THROTTLED: &str = "/sys/devices/platform/soc/soc:firmware/get_throttled";
/// A Pi slows itself down from 80 degrees on.
const HOT: f64 = 75.0;
/// Bits of that word: what is so now.
const NOW: &[(u32, &str)] =
    &[(0, "too little voltage"), (1, "clock capped"), (2, "slowed down"), (3, "at its soft limit of temperature")];
/// The same bits, so far up, tell what has been so since the start.
const BEFORE: u32 = 16;

/// What the machine tells; none of it on a machine that does not.
#[derive(Debug, Default)]
pub(super) struct Machine {
    /// Degrees Celsius.
    pub(super) temperature: Option<f64>,
    /// The Pi's word.
    pub(super) throttled: Option<u32>,
}

pub(super) fn look() -> Machine {
    let read = |path| std::fs::read_to_string(path).ok();
    Machine {
        temperature: read(TEMPERATURE).and_then(|text| text.trim().parse::<f64>().ok()).map(|milli| milli / 1e3),
        throttled: read(THROTTLED).and_then(|text| u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok()),
    }
}

impl Machine {
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        if let Some(degrees) = self.temperature {
            let found = format!("{degrees:.0} \u{b0}C");
            facts.push(match degrees < HOT {
                true => Fact::ok("temperature", found),
                false => Fact::warn("temperature", found, "give the box air: from 80 \u{b0}C on it slows itself down"),
            });
        }
        if let Some(word) = self.throttled {
            facts.push(power(word));
        }
        facts
    }
}

fn power(word: u32) -> Fact {
    let told = |shift: u32| -> Vec<&str> {
        NOW.iter().filter(|(bit, _)| word >> (bit + shift) & 1 == 1).map(|(_, what)| *what).collect()
    };
    let (now, before) = (told(0), told(BEFORE));
    let cure = "a power supply and a cable for this Pi; air around it";
    match (now.is_empty(), before.is_empty()) {
        (true, true) => Fact::ok("power", "enough since the start"),
        (true, false) => Fact::warn("power", format!("since the start: {}", before.join(", ")), cure),
        _ => Fact::fail("power", format!("now: {}", now.join(", ")), cure),
    }
}

#[cfg(test)]
mod tests {
    use app::ctx::FactState;

    use super::*;

    #[test]
    fn what_is_and_what_was_are_told_apart() {
        assert_eq!(power(0).state, FactState::Ok);
        let was = power(0x50000);
        assert_eq!(
            (was.state, was.found.as_str()),
            (FactState::Warn, "since the start: too little voltage, slowed down")
        );
        assert_eq!(power(0x50005).state, FactState::Fail);
    }
}
