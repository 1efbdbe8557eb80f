//! What is set, read once: the targets, and the rules for all of them. A setting that cannot be used leaves its target out and is
//! complained of; the server works without it.

use chrono::TimeDelta;
use models::event::EventKind;

use super::{
    Channel,
    mail::{self, Mail},
    mqtt::{self, Broker, Mqtt, Publisher},
    quiet::Quiet,
    webhook::Webhook,
};
use crate::cli::Tell;

/// Shortest secret that webhooks are signed with, in characters.
const SHORTEST_SECRET: usize = 16;
/// Longest pause between two attempts.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// Whom to tell, and how.
pub(crate) struct Plan {
    /// The targets.
    pub(crate) channels: Vec<Channel>,
    /// What holds for all.
    pub(crate) rules: Rules,
    /// What of the settings cannot be used, with its cure.
    pub(crate) complaints: Vec<String>,
}

/// What holds for all targets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// Seconds until the second attempt.
    pub(super) retry: u32,
    /// Days after which a delivery is given up.
    pub(super) days: u32,
    /// When nobody is told.
    pub(super) quiet: Option<Quiet>,
    /// How people reach this server.
    pub(super) address: Option<String>,
}

impl Plan {
    /// Reads the settings.
    pub(crate) fn of(args: &Tell) -> Self {
        let mut plan = Self {
            channels: Vec::new(),
            rules: Rules { retry: args.tell_retry, days: args.tell_days, quiet: None, address: set(&args.address) },
            complaints: Vec::new(),
        };
        match set(&args.quiet).map(|text| text.parse()).transpose() {
            Ok(quiet) => plan.rules.quiet = quiet,
            Err(why) => plan.complaints.push(format!("WINECELLAR_QUIET: {why}")),
        }
        plan.take(webhooks(args));
        plan.take(
            Broker::of(args).map(|broker| broker.map(|broker| Channel::Mqtt(Mqtt::new(broker))).into_iter().collect()),
        );
        plan.take(Mail::of(args).map(|mail| mail.map(Channel::Mail).into_iter().collect()));
        plan
    }

    fn take(&mut self, found: Result<Vec<Channel>, String>) {
        match found {
            Ok(channels) => self.channels.extend(channels),
            Err(why) => self.complaints.push(why),
        }
    }

    /// The way to the broker for others of this program, where one is set.
    pub(crate) fn publisher(&self) -> Option<Publisher> {
        self.channels.iter().find_map(|channel| match channel {
            Channel::Mqtt(mqtt) => Some(mqtt.publisher()),
            Channel::Webhook(_) | Channel::Mail(_) => None,
        })
    }

    /// The names of the targets.
    pub(crate) fn names(&self) -> Vec<String> {
        self.channels.iter().map(|channel| channel.name().to_owned()).collect()
    }
}

impl Rules {
    /// The pause after so many attempts in vain: twice as long each time, with an eighth more or less, so that not all that waits
    /// comes at the same moment.
    pub(super) fn pause(&self, attempts: i32, chance: u8) -> TimeDelta {
        let doubled = TimeDelta::seconds(i64::from(self.retry) << attempts.clamp(0, 12)).min(LONGEST_PAUSE);
        doubled + doubled * (i32::from(chance) - 128) / 1024
    }
}

/// A value that is not empty.
pub(super) fn set(value: &Option<String>) -> Option<String> {
    value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn webhooks(args: &Tell) -> Result<Vec<Channel>, String> {
    let Some(list) = set(&args.webhooks) else { return Ok(Vec::new()) };
    let secret = set(&args.webhook_secret).unwrap_or_default();
    if secret.chars().count() < SHORTEST_SECRET {
        return Err(format!(
            "WINECELLAR_WEBHOOK_SECRET is missing or too short: webhooks are signed with it, {SHORTEST_SECRET} characters or more \
             (openssl rand -hex 20)"
        ));
    }
    let kinds = kinds(set(&args.webhook_events).as_deref())?;
    let hook = |text: &str| {
        let address = text.parse().map_err(|why| format!("WINECELLAR_WEBHOOKS: {why}"))?;
        Ok(Channel::Webhook(Webhook::new(address, secret.clone(), kinds.clone(), args.authority())))
    };
    let mut channels: Vec<Channel> = list.split_whitespace().map(hook).collect::<Result<_, String>>()?;
    // An address that stands there twice is one target.
    channels.sort_by(|a, b| a.name().cmp(b.name()));
    channels.dedup_by(|a, b| a.name() == b.name());
    Ok(channels)
}

/// The kinds that are named, by their whole name or by their sort; all when none is.
pub(super) fn kinds(text: Option<&str>) -> Result<Vec<EventKind>, String> {
    let Some(text) = text else { return Ok(EventKind::ALL.to_vec()) };
    let mut wanted = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let named = EventKind::ALL.iter().filter(|kind| {
            kind.as_str() == word || kind.as_str().split_once('.').is_some_and(|(sort, _)| sort == word)
        });
        let before = wanted.len();
        wanted.extend(named.copied());
        if wanted.len() == before {
            let all = EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
            return Err(format!("WINECELLAR_WEBHOOK_EVENTS: `{word}` is no kind of event; there are: {all}"));
        }
    }
    Ok(wanted)
}

/// What is wrong with one setting by itself, for `winecellar config`.
pub(crate) fn complaint(key: &str, value: &str) -> Option<String> {
    let told = match key {
        "WINECELLAR_WEBHOOKS" => value.split_whitespace().find_map(|one| one.parse::<super::http::Address>().err()),
        "WINECELLAR_WEBHOOK_SECRET" => (value.chars().count() < SHORTEST_SECRET)
            .then(|| format!("it is too short: {SHORTEST_SECRET} characters or more")),
        "WINECELLAR_WEBHOOK_EVENTS" => {
            kinds(Some(value)).err().map(|why| why.trim_start_matches("WINECELLAR_WEBHOOK_EVENTS: ").to_owned())
        }
        "WINECELLAR_MQTT" => mqtt::place(value).err(),
        "WINECELLAR_MAIL" => mail::complaint(value),
        "WINECELLAR_MAIL_AT" => super::quiet::time(value).err(),
        "WINECELLAR_QUIET" => value.parse::<Quiet>().err(),
        _ => None,
    };
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let rules = Rules { retry: 5, ..Rules::default() };
        let seconds = |attempts| rules.pause(attempts, 128).num_seconds();
        assert_eq!([seconds(0), seconds(1), seconds(4), seconds(20)], [5, 10, 80, 3600]);
        assert!(rules.pause(20, 255) < TimeDelta::minutes(68) && rules.pause(20, 0) > TimeDelta::minutes(52));
    }

    #[test]
    fn kinds_are_named_one_by_one_or_by_their_sort() {
        assert_eq!(kinds(Some("scan.failed, problem")).map(|kinds| kinds.len()), Ok(3));
        assert_eq!(kinds(None).map(|kinds| kinds.len()), Ok(EventKind::ALL.len()));
        assert!(kinds(Some("scans")).is_err_and(|why| why.contains("scan.failed")));
    }
}
