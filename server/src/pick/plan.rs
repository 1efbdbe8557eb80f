//! The file that says which lamps belong to which bins.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use crate::tell::Address;

/// Longest strip, in LEDs; WLED drives no more.
const LONGEST: u32 = 4096;

/// All racks that have lamps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// For how long a bin is lit, 1 to 600 seconds.
    #[serde(default = "half_a_minute")]
    pub(super) seconds: u64,
    /// The racks.
    #[serde(default)]
    rack: Vec<Wired>,
}

/// A rack with lamps.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wired {
    /// The rack's name.
    pub(super) name: String,
    /// Where WLED is, such as `http://wled.local`.
    wled: Option<String>,
    /// The topic of WLED's on the broker, such as `wled/cellar`, instead of its address.
    wled_topic: Option<String>,
    /// Where ESPHome's web server is, which has a light for each bin.
    esphome: Option<String>,
    /// The topic prefix of ESPHome on the broker, instead of its address.
    esphome_topic: Option<String>,
    /// The name of a bin's light in ESPHome; `{bin}` stands for the bin's name.
    #[serde(default = "bin_light")]
    pub(super) light: String,
    /// WLED's segment.
    #[serde(default)]
    pub(super) segment: u32,
    /// LEDs in the segment; what is not lit is dark.
    #[serde(default)]
    pub(super) leds: u32,
    /// The LED where the first bin begins, from 0.
    #[serde(default)]
    pub(super) first: u32,
    /// LEDs of each bin.
    #[serde(default = "one")]
    pub(super) per_bin: u32,
    /// How the strip runs along the bins.
    #[serde(default)]
    pub(super) order: Order,
    /// Red, green and blue, as in `ff9900`.
    #[serde(default = "amber")]
    pub(super) colour: String,
    /// 1 to 255.
    #[serde(default = "bright")]
    pub(super) brightness: u8,
    /// Bins that are wired otherwise: first and last LED.
    #[serde(default)]
    pub(super) bins: BTreeMap<String, [u32; 2]>,
}

/// How the strip runs along the bins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    /// Each row from the left to the right, from above.
    #[default]
    Rows,
    /// To the right, then back to the left, from above.
    Serpentine,
}

/// What drives the lamps, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Wled(Address),
    WledTopic(String),
    Esphome(Address),
    EsphomeTopic(String),
}

fn half_a_minute() -> u64 {
    30
}
fn one() -> u32 {
    1
}
fn bright() -> u8 {
    200
}
fn amber() -> String {
    "ff9900".to_owned()
}
fn bin_light() -> String {
    "bin_{bin}".to_owned()
}

impl Plan {
    /// Reads and checks the file.
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}"))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let plan: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if !(1..=600).contains(&plan.seconds) {
            return Err(format!("seconds is {}; 1 to 600 are allowed", plan.seconds));
        }
        for rack in &plan.rack {
            rack.check().map_err(|why| format!("rack `{}`: {why}", rack.name))?;
        }
        Ok(plan)
    }

    /// The lamps of a rack, by its name.
    pub(super) fn rack(&self, name: &str) -> Option<&Wired> {
        self.rack.iter().find(|rack| rack.name == name)
    }

    /// Whether a rack is reached by way of the broker.
    pub(super) fn needs_broker(&self) -> bool {
        self.rack.iter().any(|rack| matches!(rack.way(), Ok(Way::WledTopic(_) | Way::EsphomeTopic(_))))
    }
}

impl Wired {
    /// How its lamps are reached.
    pub(super) fn way(&self) -> Result<Way, String> {
        let topic = |text: &String| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_/".contains(c);
            if text.is_empty() || !text.chars().all(plain) {
                Err("a topic has letters, digits, - _ and /".to_owned())
            } else {
                Ok(text.clone())
            }
        };
        match (&self.wled, &self.wled_topic, &self.esphome, &self.esphome_topic) {
            (Some(address), None, None, None) => address.parse().map(Way::Wled),
            (None, Some(text), None, None) => topic(text).map(Way::WledTopic),
            (None, None, Some(address), None) => address.parse().map(Way::Esphome),
            (None, None, None, Some(text)) => topic(text).map(Way::EsphomeTopic),
            _ => Err("give one of wled, wled_topic, esphome and esphome_topic".to_owned()),
        }
    }

    /// The colour as three numbers.
    pub(super) fn rgb(&self) -> Option<[u8; 3]> {
        let digits = self.colour.trim_start_matches('#');
        let part = |i: usize| digits.get(i..i + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        (digits.len() == 6).then(|| Some([part(0)?, part(2)?, part(4)?])).flatten()
    }

    fn check(&self) -> Result<(), String> {
        self.way()?;
        if self.rgb().is_none() {
            return Err(format!("colour is `{}`: write six hexadecimal digits, such as ff9900", self.colour));
        }
        if !(1..=64).contains(&self.per_bin) || self.first >= LONGEST || self.leds > LONGEST || self.brightness == 0 {
            return Err("per_bin is 1 to 64, first and leds below 4096, brightness 1 to 255".to_owned());
        }
        match self.bins.iter().find(|(_, [from, to])| from > to || *to >= LONGEST) {
            Some((bin, [from, to])) => Err(format!("bin {bin}: from {from} to {to} are no LEDs")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_is_refused_with_the_reason() {
        let good = "seconds = 20\n[[rack]]\nname = \"Main\"\nwled = \"http://wled.local\"\nper_bin = 3\norder = \"serpentine\"\n[rack.bins]\n\"03_03\" = [5, 7]\n";
        let plan = Plan::parse(good).expect("a plan");
        assert_eq!(
            plan.rack("Main").map(|rack| (rack.per_bin, rack.order, rack.rgb())),
            Some((3, Order::Serpentine, Some([255, 153, 0])))
        );
        assert!(!plan.needs_broker());
        for (from, to, why) in [
            ("wled = \"http://wled.local\"", "wled = \"ftp://x\"", "write http"),
            ("wled = \"http://wled.local\"", "", "give one of"),
            ("[5, 7]", "[7, 5]", "no LEDs"),
            ("per_bin = 3", "per_bin = 0", "per_bin"),
            ("per_bin = 3", "colour = \"red\"", "six hexadecimal"),
            ("per_bin = 3", "per_bim = 3", "unknown field"),
            ("seconds = 20", "seconds = 0", "1 to 600"),
        ] {
            let told = Plan::parse(&good.replace(from, to)).expect_err(to);
            assert!(told.contains(why), "{to}: {told}");
        }
    }
}
