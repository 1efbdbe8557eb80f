//! The line to the broker: connected for as long as it works, and again when it is back. Availability is told by last will.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use models::db::DbError;
use rumqttc::{
    AsyncClient, Event, EventLoop, Incoming, LastWill, MqttOptions, Outgoing, QoS, TlsConfiguration, Transport,
};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    super::{Failure, Office, tls},
    Broker, Mqtt, Order,
    command::Command,
    discovery,
    states::{self, Places, States},
};

/// Pauses between attempts to connect: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The broker has this long to take the connection.
const CONNECT: Duration = Duration::from_secs(10);
/// States are looked at again so often though nothing was told: questions that were put off come back by themselves.
const AFRESH: Duration = Duration::from_secs(60);
/// Messages that may wait for the line; far more than one look at the cellar makes.
const WAITING: usize = 512;
/// Largest message that is taken from the broker, and sent to it, in bytes. What is longer than a command may be is refused later,
/// with a word.
const MOST_IN: usize = 256 * 1024;
const MOST_OUT: usize = 512 * 1024;
/// Commands that may wait.
const COMMANDS: usize = 16;
/// How long the last word may take when the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// Who waits for the broker's word on an event.
type Fate = oneshot::Sender<Result<(), String>>;

/// Keeps the line until the server stops.
pub(in crate::tell) async fn run(office: Office, mqtt: Mqtt) {
    let Some(mut inbox) = mqtt.take_inbox() else { return };
    let mut held = mqtt.held.subscribe();
    let mut pause = FIRST_PAUSE;
    let mut why = "not connected yet".to_owned();
    loop {
        let mut closing = office.closing.clone();
        if *closing.borrow() {
            return;
        }
        if !*held.borrow_and_update() {
            tokio::select! {
                changed = held.changed() => if changed.is_err() { return },
                _ = closing.changed() => return,
            }
            continue;
        }
        let begun = Instant::now();
        let (found, looks) = mpsc::channel(1);
        let mut line = match Line::new(&office, &mqtt.broker, found) {
            Ok(line) => line,
            Err(error) => return tracing::error!(error, "MQTT cannot be used"),
        };
        match line.serve(&mut inbox, &mut held, looks).await {
            Ok(()) => continue,
            Err(error) => {
                if why != error {
                    tracing::warn!(broker = mqtt.name, error, "the line to the broker is down");
                }
                why = error;
            }
        }
        if begun.elapsed() > LONGEST_PAUSE {
            pause = FIRST_PAUSE;
        }
        if !refuse_for(pause, &why, &mut inbox, &office).await {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// While the line is down every event is told so at once; false when the server stops.
async fn refuse_for(pause: Duration, why: &str, inbox: &mut mpsc::Receiver<Order>, office: &Office) -> bool {
    let mut closing = office.closing.clone();
    let over = tokio::time::sleep(pause);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = &mut over => return true,
            _ = closing.changed() => return false,
            Some(order) = inbox.recv() => drop(order.done.send(Err(why.to_owned()))),
        }
    }
}

fn options(broker: &Broker, id: &str) -> Result<MqttOptions, String> {
    let mut options = MqttOptions::new(id, &broker.host, broker.port);
    options.set_keep_alive(Duration::from_secs(30)).set_clean_session(true).set_max_packet_size(MOST_IN, MOST_OUT);
    options.set_last_will(LastWill::new(broker.topic("status"), "offline", QoS::AtLeastOnce, true));
    if let Some((name, password)) = &broker.login {
        options.set_credentials(name, password);
    }
    if broker.secure {
        let config = tls::config(broker.ca.as_deref())?;
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(config)));
    }
    Ok(options)
}

/// Sends a test event on a line of its own; gives what the broker said.
pub(in crate::tell) async fn test(broker: &Broker) -> Result<String, Failure> {
    let mut options = options(broker, &format!("winecellar-test-{}", std::process::id())).map_err(Failure::Refused)?;
    // This line is not the server's: its end says nothing of the server.
    options.set_last_will(LastWill::new(broker.topic("test"), "", QoS::AtMostOnce, false));
    let (client, mut events) = AsyncClient::new(options, 4);
    let body = json!({ "kind": "test", "text": "A test", "at": format!("{:?}Z", crate::config::now()) }).to_string();
    client
        .try_publish(broker.topic("test"), QoS::AtLeastOnce, false, body)
        .map_err(|e| Failure::Away(e.to_string()))?;
    let work = async {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Incoming::PubAck(_))) => return Ok("the broker has confirmed a message".to_owned()),
                Ok(_) => {}
                Err(error) => return Err(Failure::Away(error.to_string())),
            }
        }
    };
    tokio::time::timeout(CONNECT, work).await.unwrap_or_else(|_| Err(Failure::Away("no answer within 10 s".to_owned())))
}

/// One connection.
struct Line<'a> {
    office: &'a Office,
    broker: &'a Broker,
    client: AsyncClient,
    events: EventLoop,
    /// Of what was published in this order, who waits for the word on it.
    sent: VecDeque<Option<Fate>>,
    /// The same by the number that the message got.
    flying: HashMap<u16, Fate>,
    /// What the broker retains of us, as far as this connection has sent it.
    told: BTreeMap<String, Vec<u8>>,
    places: Places,
    looker: Looker,
    connected: bool,
}

/// Looks at the cellar beside the line, which answers its broker meanwhile however long the database takes.
struct Looker {
    found: mpsc::Sender<Option<States>>,
    busy: bool,
    /// Something has changed since the look that goes on was begun.
    again: bool,
}

impl<'a> Line<'a> {
    fn new(office: &'a Office, broker: &'a Broker, found: mpsc::Sender<Option<States>>) -> Result<Self, String> {
        let id = format!("winecellar-{}-{}", broker.topic.replace('/', "-"), office.holder.replace(':', "-"));
        let (client, mut events) = AsyncClient::new(options(broker, &id)?, WAITING);
        events.network_options.set_connection_timeout(CONNECT.as_secs());
        Ok(Self {
            office,
            broker,
            client,
            events,
            sent: VecDeque::new(),
            flying: HashMap::new(),
            told: BTreeMap::new(),
            places: Places::default(),
            looker: Looker { found, busy: false, again: false },
            connected: false,
        })
    }

    /// Serves until the server stops or another server speaks to the broker; an error when the line is down.
    async fn serve(
        &mut self,
        inbox: &mut mpsc::Receiver<Order>,
        held: &mut watch::Receiver<bool>,
        mut looks: mpsc::Receiver<Option<States>>,
    ) -> Result<(), String> {
        let (mut revision, mut stage) = (self.office.revision.clone(), self.office.stage.clone());
        let mut closing = self.office.closing.clone();
        let mut afresh = tokio::time::interval(AFRESH);
        let (commands, waiting) = mpsc::channel(COMMANDS);
        let (replies, mut replied) = mpsc::channel(COMMANDS);
        let worker = tokio::spawn(work(self.office.clone(), waiting, replies));
        let done = loop {
            tokio::select! {
                event = self.events.poll() => match event {
                    Ok(event) => if let Err(error) = self.heard(event, &commands) { break Err(error) },
                    Err(error) => break Err(error.to_string()),
                },
                Some(order) = inbox.recv() => self.event(order),
                Some((topic, value)) = replied.recv() => self.publish(&topic, false, Value::to_string(&value), None),
                changed = revision.changed(), if self.connected => match changed {
                    Ok(()) => self.refresh(),
                    Err(_) => break Ok(()),
                },
                Ok(()) = stage.changed(), if self.connected => self.refresh(),
                _ = afresh.tick(), if self.connected => self.refresh(),
                Some(states) = looks.recv() => self.looked(states),
                changed = held.changed() => if changed.is_err() || !*held.borrow_and_update() { break Ok(()) },
                // A change, or who would say so has gone.
                _ = closing.changed() => break Ok(()),
            }
        };
        worker.abort();
        if done.is_ok() {
            self.farewell().await;
        }
        for fate in self.sent.drain(..).flatten().chain(self.flying.drain().map(|(_, fate)| fate)) {
            drop(fate.send(Err("the connection was lost".to_owned())));
        }
        done
    }

    /// What the broker says, or what was sent to it.
    fn heard(&mut self, event: Event, commands: &mpsc::Sender<Command>) -> Result<(), String> {
        match event {
            Event::Incoming(Incoming::ConnAck(_)) => self.greet()?,
            Event::Incoming(Incoming::PubAck(ack)) => {
                if let Some(fate) = self.flying.remove(&ack.pkid) {
                    drop(fate.send(Ok(())));
                }
            }
            Event::Outgoing(Outgoing::Publish(number)) => {
                if let Some(Some(fate)) = self.sent.pop_front() {
                    self.flying.insert(number, fate);
                }
            }
            Event::Incoming(Incoming::Publish(message)) => {
                let below = message.topic.strip_prefix(&self.broker.topic).and_then(|rest| rest.strip_prefix('/'));
                let Some(below) = below else {
                    // Home Assistant has started: it wants to be told everything anew.
                    if &message.payload[..] == b"online" && !message.retain {
                        self.told.clear();
                        self.refresh();
                    }
                    return Ok(());
                };
                let refused = match Command::read(below, &message.payload, message.retain) {
                    Ok(command) => match commands.try_send(command) {
                        Ok(()) => return Ok(()),
                        Err(_) => "too many commands at once".to_owned(),
                    },
                    Err(why) => why,
                };
                let error = json!({ "topic": message.topic.chars().take(200).collect::<String>(), "error": refused });
                self.publish("error", false, error.to_string(), None);
            }
            _ => {}
        }
        Ok(())
    }

    /// The connection stands: say so, and listen.
    fn greet(&mut self) -> Result<(), String> {
        tracing::info!(broker = self.broker.host, "connected");
        self.connected = true;
        let mut topics = vec![self.broker.topic("+/set")];
        topics.extend(self.broker.discovery.as_ref().map(|prefix| format!("{prefix}/status")));
        for topic in topics {
            self.client.try_subscribe(topic, QoS::AtLeastOnce).map_err(|error| error.to_string())?;
        }
        self.publish("status", true, "online", None);
        self.told.clear();
        self.refresh();
        Ok(())
    }

    /// An event of the outbox, or a word to a lamp.
    fn event(&mut self, order: Order) {
        if !self.connected {
            drop(order.done.send(Err("not connected yet".to_owned())));
            return;
        }
        self.send(order.topic, false, order.payload.into_bytes(), Some(order.done));
    }

    /// Has the cellar looked at, to send those of its states that have changed.
    fn refresh(&mut self) {
        if std::mem::replace(&mut self.looker.busy, true) {
            self.looker.again = true;
            return;
        }
        let (data, places) = (self.office.data.clone(), self.places.clone());
        let doing = self.office.stage.borrow().clone();
        let (office, found) = (self.office.clone(), self.looker.found.clone());
        tokio::spawn(async move {
            let address = office.plan.rules.address.clone();
            let look = move |conn: &mut _| states::look(conn, &data, places, &doing, address.as_deref());
            let states = match office.with(move |db| db.read(look)).await {
                Ok(states) => Some(states),
                Err(DbError::Unavailable(_)) => None,
                Err(error) => {
                    tracing::warn!(%error, "the cellar's state cannot be told");
                    None
                }
            };
            // The line may be down by now; the next one looks anew.
            drop(found.send(states).await);
        });
    }

    /// The cellar was looked at; nothing is known of it where the database did not answer.
    fn looked(&mut self, states: Option<States>) {
        self.looker.busy = false;
        if let Some(states) = states {
            self.tell(states);
        }
        if std::mem::take(&mut self.looker.again) {
            self.refresh();
        }
    }

    fn tell(&mut self, States { messages, racks, places }: States) {
        self.places = places;
        let announced = discovery::device(self.broker, &racks, self.office.plan.rules.address.as_deref());
        if let Some((topic, device)) = announced {
            self.retain(&topic, device.to_string().into_bytes());
        }
        for (below, payload) in messages {
            self.retain(&self.broker.topic(&below), payload);
        }
    }

    /// Sends what is to be retained, if it is not retained already.
    fn retain(&mut self, topic: &str, payload: Vec<u8>) {
        if self.told.get(topic) == Some(&payload) {
            return;
        }
        self.told.insert(topic.to_owned(), payload.clone());
        self.send(topic.to_owned(), true, payload, None);
    }

    fn publish(&mut self, below: &str, retain: bool, payload: impl Into<Vec<u8>>, fate: Option<Fate>) {
        self.send(self.broker.topic(below), retain, payload.into(), fate);
    }

    fn send(&mut self, topic: String, retain: bool, payload: Vec<u8>, fate: Option<Fate>) {
        match self.client.try_publish(&topic, QoS::AtLeastOnce, retain, payload) {
            Ok(()) => self.sent.push_back(fate),
            Err(error) => {
                // It is sent with the next look.
                self.told.remove(&topic);
                if let Some(fate) = fate {
                    drop(fate.send(Err(format!("the line is full: {error}"))));
                }
            }
        }
    }

    /// The server stops: a last will is for those who cannot say it themselves.
    async fn farewell(&mut self) {
        if !self.connected {
            return;
        }
        self.publish("status", true, "offline", None);
        if self.client.try_disconnect().is_err() {
            return;
        }
        let gone =
            async { while !matches!(self.events.poll().await, Err(_) | Ok(Event::Outgoing(Outgoing::Disconnect))) {} };
        drop(tokio::time::timeout(FAREWELL, gone).await);
    }
}

/// Does the commands one after the other, so that the line never waits for the database.
async fn work(office: Office, mut waiting: mpsc::Receiver<Command>, replies: mpsc::Sender<(String, Value)>) {
    while let Some(command) = waiting.recv().await {
        let asked = command.told();
        let reply = match command.run(&office).await {
            Ok(done) => ("answer".to_owned(), done),
            Err(error) => ("error".to_owned(), json!({ "command": asked, "error": error })),
        };
        if replies.send(reply).await.is_err() {
            return;
        }
    }
}
