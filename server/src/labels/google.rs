//! Google Cloud Vision as the reader of labels: a service account signs in, pictures that were made clean are sent, their texts come
//! back. Only where WINECELLAR_LABEL_READER says `google`; no more pictures a day than the owner allows.

mod annotate;
mod daily;
mod key;
mod reader;
mod token;

use std::{path::PathBuf, time::Duration};

use labels::Page;
use serde::{Deserialize, Serialize};

use crate::{
    cli::LabelReader,
    config::{self, DataDir},
    tell::{Address, base64},
};
use annotate::Failed;
use daily::Daily;
use key::Key;
pub(crate) use reader::GoogleReader;
use token::Tokens;

const URL: &str = "WINECELLAR_VISION_URL";

/// A picture that may leave this machine, ready to stand in a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sendable {
    width: u32,
    height: u32,
    /// The JPEG file in Base64.
    content: String,
}

impl From<labels::Clean> for Sendable {
    fn from(clean: labels::Clean) -> Self {
        Self { width: clean.width, height: clean.height, content: base64::encode(&clean.jpeg) }
    }
}

/// Why Google has not read, and how to cure it; without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What a person is told.
    pub(crate) why: String,
    /// How long to wait before asking again, where that is known.
    pub(crate) wait: Option<Duration>,
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self { why, wait: None }
    }
}

/// The service as it is set up.
pub(crate) struct Google {
    endpoint: Address,
    tokens: Tokens,
    daily: Daily,
    ca: Option<PathBuf>,
    wait: Duration,
}

impl Google {
    /// Reads the settings, not the key: it may come, or be exchanged, while the server runs. The error names the setting and its cure.
    pub(crate) fn of(args: &LabelReader, data: &DataDir, ca: Option<PathBuf>) -> Result<Self, String> {
        let endpoint = endpoint(&args.vision_url).map_err(|why| format!("{URL}: {why}"))?;
        let key = args.key_file().ok_or_else(|| {
            "GOOGLE_APPLICATION_CREDENTIALS is not set: Google reads labels by the key of a service account; name its JSON file"
                .to_owned()
        })?;
        let wait = Duration::from_secs(args.vision_wait.into());
        Ok(Self {
            endpoint,
            tokens: Tokens::new(key, ca.clone(), wait),
            daily: Daily::new(data.labels_sent(), args.vision_daily),
            ca,
            wait,
        })
    }

    /// What the pictures say, in their order. They are counted before they are sent: Google may bill what never came back.
    pub(crate) async fn read(&self, pictures: &[Sendable]) -> Result<Vec<Page>, Refused> {
        let mut token = self.tokens.get().await?;
        let (daily, count) = (self.daily.clone(), pictures.len());
        let counted = tokio::task::spawn_blocking(move || daily.take(count, config::local(config::now()))).await;
        counted.map_err(|error| Refused::from(format!("the photos of today cannot be counted: {error}")))??;
        let mut again = true;
        loop {
            let ask = annotate::ask(&self.endpoint, &token, pictures, self.ca.as_deref(), self.wait);
            match ask.await {
                Ok(pages) => return Ok(pages),
                // A token may end before its time; a fresh one is refused for good.
                Err(Failed::Token(_)) if std::mem::take(&mut again) => {
                    self.tokens.forget(&token).await;
                    token = self.tokens.get().await?;
                }
                Err(Failed::Token(refused) | Failed::Other(refused)) => return Err(refused),
            }
        }
    }

    /// What a person should know of it before a label is read: whose key it is and how many photos were sent today.
    pub(crate) fn look(&self) -> Result<String, String> {
        let key = self.tokens.key()?;
        let sent = self.daily.sent(config::local(config::now()).date())?;
        Ok(format!(
            "{} reads for {}; {sent} of {} photos sent today",
            self.endpoint.place(),
            key.email,
            self.daily.most
        ))
    }

    /// Signs in as before a reading, and sends no picture.
    pub(crate) async fn sign_in(&self) -> Result<(), Refused> {
        self.tokens.get().await.map(drop)
    }

    /// Whether others than the key's owner and group may read its file.
    pub(crate) fn key_is_open(&self) -> bool {
        self.tokens.is_open()
    }
}

/// Where photos may be sent.
fn endpoint(text: &str) -> Result<Address, String> {
    let address: Address = text.parse()?;
    match address.leaks() {
        Some(cure) => Err(format!("photos and a token are sent there: {cure}")),
        None => Ok(address),
    }
}

/// What is wrong with a setting of this reader, and how to write it.
pub(crate) fn complaint(key: &str, value: &str) -> Option<String> {
    (key == URL).then(|| endpoint(value).err()).flatten()
}

/// Somebody else's words, made short enough to be repeated: one line, no control characters.
fn said(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|sign| !sign.is_control()).take(200).collect()
}
