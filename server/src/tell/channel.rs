//! A way to one target.

use std::time::Duration;

use chrono::NaiveDateTime;
use models::db::outbox::Delivery;

use super::{
    http::Answer,
    mail::Mail,
    mqtt::{self, Mqtt},
    webhook::Webhook,
};

/// Why something was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The target is away, or wants to be left alone: all that waits for it waits on.
    Away(String),
    /// The target does not want this one; the next may be fine.
    Refused(String),
}

impl Failure {
    /// What is told of it.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::Away(why) | Self::Refused(why) => why,
        }
    }
}

/// A target with all that is needed to reach it.
#[derive(Clone)]
pub(crate) enum Channel {
    /// An address that gets POSTs.
    Webhook(Webhook),
    /// A broker.
    Mqtt(Mqtt),
    /// A daily mail.
    Mail(Mail),
}

impl Channel {
    /// Its name in the outbox, without secrets.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Webhook(webhook) => &webhook.name,
            Self::Mqtt(mqtt) => &mqtt.name,
            Self::Mail(mail) => mail.name(),
        }
    }

    /// Whether it is told of an event of that kind.
    pub(crate) fn wants(&self, kind: models::event::EventKind) -> bool {
        match self {
            Self::Webhook(webhook) => webhook.kinds.contains(&kind),
            Self::Mqtt(_) => true,
            Self::Mail(_) => Mail::wants(kind),
        }
    }

    /// How many events are delivered at one go.
    pub(crate) fn at_once(&self) -> usize {
        match self {
            Self::Webhook(_) | Self::Mqtt(_) => 1,
            Self::Mail(_) => Mail::at_once(),
        }
    }

    /// Delivers, and waits for the word that it has arrived; never for long.
    pub(crate) async fn deliver(&self, parcel: &[Delivery], address: Option<&str>) -> Result<(), Failure> {
        match (self, parcel) {
            (Self::Webhook(webhook), [one]) => webhook.deliver(one, address).await.map(drop),
            (Self::Mqtt(mqtt), [one]) => mqtt.deliver(one, address).await,
            (Self::Mail(mail), parcel) => mail.deliver(parcel, address).await,
            _ => Ok(()),
        }
    }

    /// How long nothing is delivered, of a target that is told at a certain time of the day; `oldest`: when the oldest that it is to
    /// be told happened. Local times.
    pub(super) fn waits(&self, now: NaiveDateTime, oldest: NaiveDateTime) -> Option<Duration> {
        match self {
            Self::Webhook(_) | Self::Mqtt(_) => None,
            Self::Mail(mail) => mail.waits(now, oldest),
        }
    }

    /// Whether this server is the one that serves it.
    pub(super) fn held(&self, held: bool) {
        match self {
            Self::Mqtt(mqtt) => mqtt.held(held),
            Self::Webhook(_) | Self::Mail(_) => {}
        }
    }

    /// Sends a test; gives what was answered.
    pub(crate) async fn test(&self) -> Result<String, Failure> {
        match self {
            Self::Webhook(webhook) => webhook.test().await.map(|Answer { status, body }| format!("{status} {body}")),
            Self::Mqtt(mqtt) => mqtt::session::test(&mqtt.broker).await,
            Self::Mail(mail) => mail.test().await,
        }
    }
}
