//! Telling others: webhooks, MQTT, mail; and what others tell us.

use std::path::PathBuf;

use clap::{Args, Subcommand, builder::TypedValueParser as _};

/// `tell …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum TellCommand {
    /// Send a test to each target that is set, and say what it answered
    Test(Tell),
    /// Say for each target when it was last reached, what waits and what was given up
    Status,
    /// Try again at once what waits and what was given up
    Retry {
        /// The target, as `tell status` names it
        target: String,
    },
    /// Drop a target that is no longer set, with all that waits for it
    Forget {
        /// The target, as `tell status` names it
        target: String,
    },
}

/// Whom the server tells of what happens. All of it is off until it is set.
#[derive(Debug, Clone, Args)]
pub(crate) struct Tell {
    /// Addresses that get each event by POST, parted by blanks: https://… or http://…
    #[arg(long, env = "WINECELLAR_WEBHOOKS", hide_env_values = true, value_name = "URL …")]
    pub(crate) webhooks: Option<String>,
    /// What the webhooks are signed with, 16 characters or more
    #[arg(long, env = "WINECELLAR_WEBHOOK_SECRET", hide_env_values = true, value_name = "TEXT")]
    pub(crate) webhook_secret: Option<String>,
    /// Kinds of events that the webhooks get, parted by commas: proposal.raised, proposal.closed, scan.finished, scan.failed,
    /// stock.changed, problem.raised, problem.cleared; proposal, scan, stock and problem name all of a sort [default: all]
    #[arg(long, env = "WINECELLAR_WEBHOOK_EVENTS", value_name = "KIND,…")]
    pub(crate) webhook_events: Option<String>,
    /// The MQTT broker: mqtt://[USER:PASSWORD@]HOST[:PORT], or mqtts://… for TLS
    #[arg(long, env = "WINECELLAR_MQTT", hide_env_values = true, value_name = "URL")]
    pub(crate) mqtt: Option<String>,
    /// What all topics begin with; another one for each cellar on a broker
    #[arg(long, env = "WINECELLAR_MQTT_TOPIC", default_value = "winecellar", value_name = "WORD")]
    pub(crate) mqtt_topic: String,
    /// Where Home Assistant looks for devices; `none` announces nothing
    #[arg(long, env = "WINECELLAR_MQTT_DISCOVERY", default_value = "homeassistant", value_name = "TOPIC")]
    pub(crate) mqtt_discovery: String,
    /// The mail server of the daily digest: smtp://[USER:PASSWORD@]HOST[:PORT] (STARTTLS where it is offered, and never a
    /// password without it), or smtps://… for TLS from the start
    #[arg(long, env = "WINECELLAR_MAIL", hide_env_values = true, value_name = "URL")]
    pub(crate) mail: Option<String>,
    /// Who the digest is from [default: winecellar@ and the name of this machine]
    #[arg(long, env = "WINECELLAR_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
    /// Who gets it, parted by commas
    #[arg(long, env = "WINECELLAR_MAIL_TO", value_name = "ADDRESS,…")]
    pub(crate) mail_to: Option<String>,
    /// When it is sent, local time; a day without news sends none
    #[arg(long, env = "WINECELLAR_MAIL_AT", default_value = "08:00", value_name = "HH:MM")]
    pub(crate) mail_at: String,
    #[command(flatten)]
    pub(crate) tls: Authority,
    /// Hours in which nobody is told anything, local time, such as 22:00-07:00; what happens waits [default: none]
    #[arg(long, env = "WINECELLAR_QUIET", value_name = "HH:MM-HH:MM")]
    pub(crate) quiet: Option<String>,
    /// Seconds until what failed is tried again; twice as long each time, up to an hour
    #[arg(long, env = "WINECELLAR_TELL_RETRY", default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) tell_retry: u32,
    /// Days after which it is given up; it is kept for `winecellar tell retry` as long again
    #[arg(long, env = "WINECELLAR_TELL_DAYS", default_value_t = 3, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) tell_days: u32,
    /// How people reach this server, such as http://cellar.local:8000: links in messages begin so
    #[arg(long, env = "WINECELLAR_ADDRESS", value_name = "URL")]
    pub(crate) address: Option<String>,
}

impl Tell {
    /// The authority of one's own, if one is named.
    pub(crate) fn authority(&self) -> Option<PathBuf> {
        self.tls.named()
    }
}

/// Whom TLS trusts besides the authorities of this machine.
#[derive(Debug, Clone, Args)]
pub(crate) struct Authority {
    /// A PEM file with the certificate of an authority of your own, for https, mqtts and mail
    // An empty value in an environment file means none, and is no path.
    #[arg(long, env = "WINECELLAR_TLS_CA", value_name = "FILE", value_parser = clap::builder::OsStringValueParser::new().map(PathBuf::from))]
    tls_ca: Option<PathBuf>,
}

impl Authority {
    /// The file, if one is named.
    pub(crate) fn named(&self) -> Option<PathBuf> {
        self.tls_ca.clone().filter(|path| !path.as_os_str().is_empty())
    }
}

/// How motion leads to a scan, and lamps to a bin.
#[derive(Debug, Clone, Args)]
pub(crate) struct Lanes {
    /// Seconds for which nothing must have moved before the rack is scanned after motion (POST /api/v1/motion)
    #[arg(long, env = "WINECELLAR_MOTION_QUIET", default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) motion_quiet: u32,
    /// Seconds between two scans after motion
    #[arg(long, env = "WINECELLAR_MOTION_PAUSE", default_value_t = 600, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub(crate) motion_pause: u32,
    /// A rack that could not be seen, or in which a change was not seen surely, is looked at once more so many seconds later; 0 = never
    #[arg(long, env = "WINECELLAR_LOOK_AGAIN", default_value_t = 600, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub(crate) look_again: u32,
    /// A camera that is watched for motion, in the forms of WINECELLAR_SOURCE; best another one than that, or a snapshot address,
    /// which two can ask [default: none]
    #[arg(long, env = "WINECELLAR_WATCH", hide_env_values = true, value_name = "SPEC")]
    pub(crate) watch: Option<String>,
    /// Seconds between two looks
    #[arg(long, env = "WINECELLAR_WATCH_EVERY", default_value_t = 2, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) watch_every: u32,
    /// Percent of one core that watching may take; the looks come more seldom then
    #[arg(long, env = "WINECELLAR_WATCH_CPU", default_value_t = 5, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) watch_cpu: u32,
    /// Which lamps belong to which bins: a TOML file (docs/INTEGRATIONS.md) [default: no lamps]
    #[arg(long, env = "WINECELLAR_LIGHTS", value_name = "FILE", value_parser = clap::builder::OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) lights: Option<PathBuf>,
}
