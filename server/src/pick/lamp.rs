//! What is said to the lamps of one rack, in the words of WLED's JSON API or of ESPHome.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use models::ids::BinId;
use serde_json::{Value, json};

use super::plan::{Way, Wired};
use crate::tell::{Address, Publisher, send};

/// A lamp has this long to answer.
const DEADLINE: Duration = Duration::from_secs(4);

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    On,
    Off,
}

/// The lamps of a rack, with the bins that are to be lit.
#[derive(Debug, Clone)]
pub(super) struct Lamp {
    wired: Wired,
    way: Way,
    /// First and last LED of what is lit, by bin.
    lit: BTreeMap<BinId, [u32; 2]>,
    /// One past the last LED of the rack.
    end: u32,
}

impl Lamp {
    /// The lamps for the wanted bins; none where the rack has no place for them.
    pub(super) fn of(wired: &Wired, places: &BTreeMap<BinId, [u32; 2]>, wanted: &BTreeSet<BinId>) -> Option<Self> {
        let lit: BTreeMap<BinId, [u32; 2]> =
            places.iter().filter(|(bin, _)| wanted.contains(*bin)).map(|(bin, range)| (bin.clone(), *range)).collect();
        let end = places.values().map(|[_, last]| last + 1).max().unwrap_or(0).max(wired.leds);
        let way = wired.way().ok()?;
        (!lit.is_empty()).then(|| Self { wired: wired.clone(), way, lit, end })
    }

    /// The rack's name.
    pub(super) fn rack(&self) -> &str {
        &self.wired.name
    }

    /// Whether lighting this one leaves nothing of the other lit.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match self.way {
            Way::Wled(_) | Way::WledTopic(_) => self.way == other.way && self.wired.segment == other.wired.segment,
            Way::Esphome(_) | Way::EsphomeTopic(_) => {
                self.way == other.way && other.lit.keys().all(|bin| self.lit.contains_key(bin))
            }
        }
    }

    /// Says it, and waits for the answer, but not for long.
    pub(super) async fn say(&self, what: Say, publisher: Option<&Publisher>) -> Result<(), String> {
        match &self.way {
            Way::Wled(address) => post(&address.at("/json/state"), Some(self.wled(what))).await,
            Way::WledTopic(topic) => publish(publisher, &format!("{topic}/api"), &self.wled(what)).await,
            Way::Esphome(address) => {
                for bin in self.lit.keys() {
                    post(&address.at(&self.esphome_path(bin, what)), None).await?;
                }
                Ok(())
            }
            Way::EsphomeTopic(topic) => {
                for bin in self.lit.keys() {
                    let topic = format!("{topic}/light/{}/command", self.light(bin));
                    publish(publisher, &topic, &self.esphome(what)).await?;
                }
                Ok(())
            }
        }
    }

    /// WLED: single LEDs are set by ranges, the end of each not being part of it; that freezes the segment's effect until it is
    /// let go.
    fn wled(&self, what: Say) -> Value {
        let segment = self.wired.segment;
        if what == Say::Off {
            return json!({ "on": false, "transition": 0, "seg": { "id": segment, "frz": false } });
        }
        let colour = self.wired.colour.trim_start_matches('#').to_uppercase();
        let mut leds = vec![json!(0), json!(self.end), json!("000000")];
        for [from, to] in self.lit.values() {
            leds.extend([json!(from), json!(to + 1), json!(colour)]);
        }
        json!({ "on": true, "bri": self.wired.brightness, "transition": 0, "seg": { "id": segment, "on": true, "bri": 255, "i": leds } })
    }

    fn esphome(&self, what: Say) -> Value {
        let [r, g, b] = self.wired.rgb().unwrap_or([255; 3]);
        match what {
            Say::On => {
                json!({ "state": "ON", "brightness": self.wired.brightness, "color": { "r": r, "g": g, "b": b } })
            }
            Say::Off => json!({ "state": "OFF" }),
        }
    }

    fn esphome_path(&self, bin: &BinId, what: Say) -> String {
        let [r, g, b] = self.wired.rgb().unwrap_or([255; 3]);
        let light = self.light(bin);
        match what {
            Say::On => format!("/light/{light}/turn_on?brightness={}&r={r}&g={g}&b={b}", self.wired.brightness),
            Say::Off => format!("/light/{light}/turn_off"),
        }
    }

    /// ESPHome's name of the bin's light: small letters, digits and `_`.
    fn light(&self, bin: &BinId) -> String {
        self.wired.light.replace("{bin}", &bin.as_str().to_lowercase().replace('-', "_"))
    }
}

async fn post(address: &Address, body: Option<Value>) -> Result<(), String> {
    let headers = [("content-type", "application/json".to_owned())];
    let body = body.map(|value| value.to_string()).unwrap_or_default();
    let answer = send("POST", address, &headers, body, None, DEADLINE).await?;
    match answer.status {
        200..=299 => Ok(()),
        status => Err(format!("{} answers {status}: {}", address.place(), answer.body)),
    }
}

async fn publish(publisher: Option<&Publisher>, topic: &str, value: &Value) -> Result<(), String> {
    let publisher = publisher.ok_or("no broker is set")?;
    tokio::time::timeout(DEADLINE, publisher.publish(topic, value.to_string()))
        .await
        .unwrap_or_else(|_| Err("the broker does not confirm".to_owned()))
}
