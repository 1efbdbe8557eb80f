//! Webhooks: each event by POST, signed, with an id by which the receiver knows a repetition.

use std::{path::PathBuf, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use models::{db::outbox::Delivery, event::EventKind, hex::hex};
use sha2::{Digest, Sha256};

use super::{
    Failure,
    http::{self, Address, Answer},
    message,
};
use crate::config;

/// The receiver has this long to take an event.
const DEADLINE: Duration = Duration::from_secs(10);

/// An address that gets events.
#[derive(Clone)]
pub(crate) struct Webhook {
    /// Its name: the host, and a few letters by which two addresses of one host are told apart. The path may be a secret.
    pub(crate) name: String,
    /// What it is told.
    pub(crate) kinds: Vec<EventKind>,
    address: Address,
    secret: String,
    ca: Option<PathBuf>,
}

impl Webhook {
    pub(super) fn new(address: Address, secret: String, kinds: Vec<EventKind>, ca: Option<PathBuf>) -> Self {
        let mark = hex(&Sha256::digest(address.whole().as_bytes())[..3]);
        Self { name: format!("webhook {} {mark}", address.place()), kinds, address, secret, ca }
    }

    pub(super) async fn deliver(&self, one: &Delivery, address: Option<&str>) -> Result<Answer, Failure> {
        let body = message::of(&one.event, address).to_string();
        self.post(&one.id, one.event.kind.as_str(), body).await
    }

    pub(super) async fn test(&self) -> Result<Answer, Failure> {
        let body = serde_json::json!({ "kind": "test", "at": format!("{:?}Z", config::now()), "data": {} });
        self.post(&models::db::new_id(), "test", body.to_string()).await
    }

    async fn post(&self, id: &str, kind: &str, body: String) -> Result<Answer, Failure> {
        let timestamp = config::now().and_utc().timestamp().to_string();
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("idempotency-key", id.to_owned()),
            ("x-winecellar-delivery", id.to_owned()),
            ("x-winecellar-event", kind.to_owned()),
            ("x-winecellar-signature", signature(&self.secret, &timestamp, &body)),
            ("x-winecellar-timestamp", timestamp),
        ];
        let sent = http::send("POST", &self.address, &headers, body, self.ca.as_deref(), DEADLINE).await;
        let answer = sent.map_err(Failure::Away)?;
        match answer.status {
            200..=299 => Ok(answer),
            300..=399 => Err(Failure::Refused(format!("answers {}, a redirect, which is not followed", answer.status))),
            408 | 425 | 429 | 500..=599 => Err(Failure::Away(format!("answers {}: {}", answer.status, answer.body))),
            status => Err(Failure::Refused(format!("answers {status}: {}", answer.body))),
        }
    }
}

/// HMAC-SHA256 (RFC 2104) of `timestamp.body`, as `sha256=` and hexadecimal digits. The time is signed too, so that what somebody
/// has overheard cannot be sent again later.
pub(super) fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_another_program_computes() {
        // printf '1764158400.{"kind":"test"}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(
            signature("0123456789abcdef", "1764158400", r#"{"kind":"test"}"#),
            "sha256=9362c052afebe0231df1040c9df39285f04634cde10575dc1554cd3d5a4bed21"
        );
    }

    #[test]
    fn a_name_tells_no_secret_and_two_addresses_apart() {
        let hook = |url: &str| Webhook::new(url.parse().expect("an address"), String::new(), Vec::new(), None).name;
        let (one, two) = (hook("https://ha.local/api/webhook/s3cret"), hook("https://ha.local/api/webhook/other"));
        assert!(one.starts_with("webhook ha.local ") && !one.contains("s3cret"), "{one}");
        assert_ne!(one, two);
    }
}
