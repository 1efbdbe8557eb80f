//! MQTT: the cellar's state as retained messages that Home Assistant finds by itself, what happens as events, and commands.

pub(super) mod command;
mod discovery;
pub(super) mod session;
mod states;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::Uri;
use models::db::outbox::Delivery;
use tokio::sync::{mpsc, oneshot, watch};

use super::{Failure, http, message, plan::set};
use crate::cli::Tell;

/// The broker has this long to confirm an event.
const DEADLINE: Duration = Duration::from_secs(15);

/// Where the broker is and how to speak to it.
#[derive(Clone)]
pub(crate) struct Broker {
    host: String,
    port: u16,
    secure: bool,
    login: Option<(String, String)>,
    /// What all topics begin with.
    pub(super) topic: String,
    /// Where Home Assistant looks; none announces nothing.
    discovery: Option<String>,
    ca: Option<PathBuf>,
}

/// A message for the session, and where its fate is told.
pub(super) struct Order {
    topic: String,
    payload: String,
    done: oneshot::Sender<Result<(), String>>,
}

/// The way to the broker, for others of this program.
#[derive(Clone)]
pub(crate) struct Publisher(mpsc::Sender<Order>);

impl Publisher {
    /// Publishes, and waits until the broker has confirmed it.
    pub(crate) async fn publish(&self, topic: &str, payload: String) -> Result<(), String> {
        let (done, fate) = oneshot::channel();
        let order = Order { topic: topic.to_owned(), payload, done };
        self.0.send(order).await.map_err(|_| "the session has ended".to_owned())?;
        fate.await.unwrap_or_else(|_| Err("the connection was lost".to_owned()))
    }
}

/// The broker as a target.
#[derive(Clone)]
pub(crate) struct Mqtt {
    pub(super) name: String,
    pub(super) broker: Arc<Broker>,
    orders: mpsc::Sender<Order>,
    /// Taken by the session when it starts.
    inbox: Arc<Mutex<Option<mpsc::Receiver<Order>>>>,
    /// Whether this server is the one that speaks to the broker.
    held: Arc<watch::Sender<bool>>,
}

impl Broker {
    /// Reads the settings; none where no broker is named.
    pub(super) fn of(args: &Tell) -> Result<Option<Self>, String> {
        let Some(text) = set(&args.mqtt) else { return Ok(None) };
        let (secure, host, port, login) = place(&text).map_err(|why| format!("WINECELLAR_MQTT: {why}"))?;
        let topic = word("WINECELLAR_MQTT_TOPIC", &args.mqtt_topic)?;
        let discovery = match args.mqtt_discovery.trim() {
            "none" => None,
            name => Some(word("WINECELLAR_MQTT_DISCOVERY", name)?),
        };
        Ok(Some(Self { host, port, secure, login, topic, discovery, ca: args.authority() }))
    }

    /// A topic of this cellar.
    fn topic(&self, below: &str) -> String {
        format!("{}/{below}", self.topic)
    }
}

/// Whether TLS, host, port, name and password.
type Place = (bool, String, u16, Option<(String, String)>);

/// Reads `mqtt://[USER:PASSWORD@]HOST[:PORT]`. The text is not repeated in errors: it may hold a password.
pub(super) fn place(text: &str) -> Result<Place, String> {
    let form = "write mqtt://[USER:PASSWORD@]HOST[:PORT], or mqtts://… for TLS";
    let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| form.to_owned())?;
    let secure = match uri.scheme_str() {
        Some("mqtt") => false,
        Some("mqtts") => true,
        _ => return Err(form.to_owned()),
    };
    let authority = uri.authority().ok_or(form)?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let login = authority.as_str().rsplit_once('@').map(|(login, _)| {
        let (name, password) = login.split_once(':').unwrap_or((login, ""));
        (name.to_owned(), password.to_owned())
    });
    let port = http::port(authority, if secure { 8883 } else { 1883 }).ok_or(form)?;
    if host.is_empty() || !matches!(uri.path(), "" | "/") {
        Err(form.to_owned())
    } else {
        Ok((secure, host, port, login))
    }
}

/// A topic without wildcards.
fn word(key: &str, text: &str) -> Result<String, String> {
    let text = text.trim().trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_/".contains(c);
    match (1..=64).contains(&text.len()) && text.chars().all(plain) {
        true => Ok(text.to_owned()),
        false => Err(format!("{key}: write 1 to 64 letters, digits, - _ or /")),
    }
}

impl Mqtt {
    pub(super) fn new(broker: Broker) -> Self {
        let (orders, inbox) = mpsc::channel(4);
        Self {
            name: format!("MQTT {}:{}", broker.host, broker.port),
            broker: Arc::new(broker),
            orders,
            inbox: Arc::new(Mutex::new(Some(inbox))),
            held: Arc::new(watch::Sender::new(false)),
        }
    }

    /// The way to it for others.
    pub(super) fn publisher(&self) -> Publisher {
        Publisher(self.orders.clone())
    }

    fn take_inbox(&self) -> Option<mpsc::Receiver<Order>> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn held(&self, held: bool) {
        self.held.send_if_modified(|last| std::mem::replace(last, held) != held);
    }

    /// Delivered is what the broker has confirmed (quality of service 1).
    pub(super) async fn deliver(&self, one: &Delivery, address: Option<&str>) -> Result<(), Failure> {
        let payload = message::of(&one.event, address).to_string();
        let publisher = self.publisher();
        match tokio::time::timeout(DEADLINE, publisher.publish(&self.broker.topic("event"), payload)).await {
            Ok(done) => done.map_err(Failure::Away),
            Err(_) => Err(Failure::Away("the broker does not confirm".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_named_with_or_without_a_login() {
        assert_eq!(place("mqtt://ha.local"), Ok((false, "ha.local".to_owned(), 1883, None)));
        let login = Some(("cellar".to_owned(), "p:w".to_owned()));
        assert_eq!(place("mqtts://cellar:p:w@[::1]:9000/"), Ok((true, "::1".to_owned(), 9000, login)));
        for wrong in ["", "ha.local", "http://x", "mqtt://", "mqtt://x/topic", "mqtt://x:port"] {
            assert!(place(wrong).is_err_and(|why| why.starts_with("write mqtt://")), "{wrong}");
        }
        assert!(word("K", "home/cellar").is_ok() && word("K", "a/#").is_err() && word("K", "").is_err());
    }
}
