//! A daily mail with what has happened, through a mail server of the owner's.

mod digest;
mod smtp;

use std::{path::PathBuf, sync::Arc, time::Duration};

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use models::{db::outbox::Delivery, event::EventKind};

use super::{Failure, plan::set, quiet};
use crate::{cli::Tell, config};
use smtp::{Envelope, Server};

/// All of it: greeting, sign-in and message.
const DEADLINE: Duration = Duration::from_secs(60);
/// Events of one mail.
const MOST: usize = 500;
/// What a mail tells of; that a question was answered or a scan went well is no news the next morning.
const KINDS: &[EventKind] = &[
    EventKind::ProposalRaised,
    EventKind::ScanFailed,
    EventKind::StockChanged,
    EventKind::ProblemRaised,
    EventKind::ProblemCleared,
];

/// The mail as a target.
#[derive(Clone)]
pub(crate) struct Mail(Arc<Kept>);

struct Kept {
    name: String,
    server: Server,
    from: String,
    to: Vec<String>,
    at: NaiveTime,
}

impl Mail {
    /// Reads the settings; none where no mail server is named.
    pub(super) fn of(args: &Tell) -> Result<Option<Self>, String> {
        let Some(text) = set(&args.mail) else { return Ok(None) };
        let server = Server::of(&text, args.authority()).map_err(|why| format!("WINECELLAR_MAIL: {why}"))?;
        let host = config::host();
        let from = set(&args.mail_from).unwrap_or_else(|| format!("winecellar@{host}"));
        let to: Vec<String> = set(&args.mail_to)
            .unwrap_or_default()
            .split(',')
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect();
        if to.is_empty() {
            return Err("WINECELLAR_MAIL_TO is missing: who gets the mail?".to_owned());
        }
        for (key, address) in to.iter().map(|one| ("WINECELLAR_MAIL_TO", one)).chain([("WINECELLAR_MAIL_FROM", &from)])
        {
            if !is_address(address) {
                return Err(format!("{key}: `{address}` is no address: write NAME@HOST"));
            }
        }
        let at = quiet::time(&args.mail_at).map_err(|why| format!("WINECELLAR_MAIL_AT: {why}"))?;
        let name = format!("mail {}", server.place());
        Ok(Some(Self(Arc::new(Kept { name, server, from, to, at }))))
    }

    pub(super) fn name(&self) -> &str {
        &self.0.name
    }

    pub(super) fn wants(kind: EventKind) -> bool {
        KINDS.contains(&kind)
    }

    pub(super) fn at_once() -> usize {
        MOST
    }

    /// How long no mail is sent, if the oldest that is to be told happened then; local times.
    pub(super) fn waits(&self, now: NaiveDateTime, oldest: NaiveDateTime) -> Option<Duration> {
        wait(self.0.at, now, oldest)
    }

    pub(super) async fn deliver(&self, parcel: &[Delivery], address: Option<&str>) -> Result<(), Failure> {
        let events: Vec<_> = parcel.iter().map(|one| &one.event).collect();
        let (subject, text) = digest::of(&events, address);
        self.send(&subject, &text).await.map(drop)
    }

    pub(super) async fn test(&self) -> Result<String, Failure> {
        self.send("A test of the wine cellar", "This is a test. The daily mail will come from here.\n").await
    }

    async fn send(&self, subject: &str, text: &str) -> Result<String, Failure> {
        let Kept { server, from, to, .. } = &*self.0;
        let message = digest::message(from, to, subject, text, &models::db::new_id(), config::now());
        let envelope = Envelope { from, to, message: &message };
        let sent = tokio::time::timeout(DEADLINE, server.send(&envelope)).await;
        let timed_out = |_| Err(format!("{} does not answer within {} s", server.place(), DEADLINE.as_secs()));
        sent.unwrap_or_else(timed_out).map_err(Failure::Away)
    }
}

/// What happened before the last time `at` of a day is due, what happened since waits for the next.
fn wait(at: NaiveTime, now: NaiveDateTime, oldest: NaiveDateTime) -> Option<Duration> {
    let today = now.date().and_time(at);
    let (due, next) =
        if today <= now { (today, today + TimeDelta::days(1)) } else { (today - TimeDelta::days(1), today) };
    (oldest >= due).then(|| (next - now).to_std().unwrap_or_default())
}

/// What may stand in an envelope and in a header: no blanks, no brackets, no control characters.
fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>(),;:\\\"[]".contains(c);
    text.len() <= 254
        && text.chars().all(plain)
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// What is wrong with the address of a mail server.
pub(super) fn complaint(text: &str) -> Option<String> {
    Server::of(text, None::<PathBuf>).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_at_the_next_time_of_the_day() {
        let at = NaiveTime::from_hms_opt(8, 0, 0).expect("a time");
        let time = |day, hour| {
            let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(hour, 0, 0));
            day.expect("a time")
        };
        let hours = |now, oldest| wait(at, now, oldest).map(|wait| wait.as_secs() / 3600);
        assert_eq!(hours(time(26, 7), time(25, 9)), Some(1));
        assert_eq!(hours(time(26, 8), time(25, 9)), None);
        assert_eq!(hours(time(26, 9), time(26, 8)), Some(23));
        assert_eq!(hours(time(26, 9), time(25, 8)), None, "the server was off at eight");
        assert_eq!(hours(time(26, 15), time(26, 14)), Some(17), "also after days without news");
        assert_eq!(hours(time(26, 7), time(24, 9)), None, "and a day long");
    }

    #[test]
    fn an_address_is_no_place_for_commands() {
        assert!(is_address("anna@example.org"));
        for wrong in ["", "anna", "@x", "a@", "a@b@c", "a b@c", "a@b>\r\nRCPT TO:<x@y", "<a@b>", "a@b,c"] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
