//! What others tell us by MQTT: start a scan, answer a question. Everybody on the broker can send anything, so all of it is bounded,
//! and what cannot be done is answered on the error topic.

use models::{
    db::{
        DbError,
        idempotency::{IdempotencyKey, idempotency_reserve},
        proposals::proposal_answer,
    },
    ids::{BottleId, ProposalId},
    movement::{Actor, Source},
    proposal::Answer,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::Office;
use crate::config;

/// Longest message that is read, in bytes.
const MOST: usize = 4096;
/// Most bottles that are named in one.
const MOST_BOTTLES: usize = 50;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tell) enum Command {
    /// Look at the rack now.
    Scan,
    /// A person's word on a question.
    Answer(Said),
}

/// A person's word on a question, as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tell) struct Said {
    /// The question.
    proposal: ProposalId,
    /// The word.
    answer: Answer,
    /// The bottles that are meant; none: the likeliest.
    #[serde(default)]
    bottles: Vec<BottleId>,
    /// Names this very command: what comes twice with one id is done once.
    #[serde(default)]
    id: Option<String>,
}

impl Command {
    /// Reads a message; `below` is its topic without the cellar's own beginning.
    pub(super) fn read(below: &str, payload: &[u8], retained: bool) -> Result<Self, String> {
        // The broker would repeat it at every connection.
        if retained {
            return Err("a command must not be retained: it would be done again at every connection".to_owned());
        }
        if payload.len() > MOST {
            return Err(format!("{} bytes; at most {MOST} are read", payload.len()));
        }
        match below {
            "scan/set" => Ok(Self::Scan),
            "answer/set" => {
                let said: Said = serde_json::from_slice(payload).map_err(|error| format!("no answer: {error}"))?;
                let id_fits = said.id.as_ref().is_none_or(|id| (1..=100).contains(&id.len()));
                if said.proposal.as_str().len() > 64 || said.bottles.len() > MOST_BOTTLES || !id_fits {
                    return Err(format!("an id is too long, or more than {MOST_BOTTLES} bottles are named"));
                }
                Ok(Self::Answer(said))
            }
            other => Err(format!("there is no command `{}`", other.chars().take(60).collect::<String>())),
        }
    }

    /// What was asked for, for the error topic.
    pub(super) fn told(&self) -> Value {
        match self {
            Self::Scan => json!("scan"),
            Self::Answer(said) => json!(said),
        }
    }

    /// Does it, as the API does; gives what is told of it.
    pub(super) async fn run(self, office: &Office) -> Result<Value, String> {
        match self {
            Self::Scan => {
                let start = office.start_scan.clone();
                let started = tokio::task::spawn_blocking(move || start()).await;
                started.map_err(|error| error.to_string())??;
                Ok(json!({ "command": "scan", "started": true }))
            }
            Self::Answer(said) => said.carry_out(office).await,
        }
    }
}

impl Said {
    async fn carry_out(self, office: &Office) -> Result<Value, String> {
        let (id, answer) = (self.proposal.clone(), self.answer);
        let actor = Actor { name: "home-assistant".to_owned(), source: Source::Api };
        let key = self.id.map(|key| IdempotencyKey {
            owner: "home-assistant".to_owned(),
            key,
            request_hash: format!("{} {}", self.proposal, self.answer.as_str()),
        });
        let bottles = self.bottles;
        let work = move |conn: &mut _| {
            let now = config::now();
            if let Some(key) = &key {
                idempotency_reserve(conn, key, now).map_err(|error| match error {
                    DbError::Conflict(_) => DbError::Conflict(format!("The command `{}` was done already.", key.key)),
                    other => other,
                })?;
            }
            proposal_answer(conn, &self.proposal, answer, bottles, &actor, now)
        };
        let done = office.with(move |db| db.write(work)).await.map_err(|error| match error {
            DbError::Unavailable(_) | DbError::Busy => {
                "the cellar's book cannot be written now; say it again".to_owned()
            }
            other => other.to_string(),
        })?;
        let movements: Vec<_> = done.iter().map(|movement| &movement.id).collect();
        Ok(json!({ "command": "answer", "proposal": id, "answer": answer, "movements": movements }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hostile_is_refused_with_a_reason() {
        let read = |below, payload: &[u8]| Command::read(below, payload, false);
        assert_eq!(read("scan/set", b"PRESS"), Ok(Command::Scan));
        assert!(matches!(
            read("answer/set", br#"{"proposal":"x","answer":"drunk","bottles":["b"]}"#),
            Ok(Command::Answer(_))
        ));
        let deep = format!("{{\"proposal\":{}", "[".repeat(3000));
        let long = vec![b'x'; MOST + 1];
        let many = format!(r#"{{"proposal":"x","answer":"drunk","bottles":[{}"b"]}}"#, "\"b\",".repeat(60));
        for wrong in [
            &b""[..],
            b"{}",
            b"\xff\xfe",
            br#"{"proposal":"x","answer":"burn"}"#,
            br#"{"proposal":"x","answer":"drunk","more":1}"#,
            deep.as_bytes(),
            &long,
            many.as_bytes(),
        ] {
            assert!(read("answer/set", wrong).is_err_and(|why| why.len() < 400), "{}", String::from_utf8_lossy(wrong));
        }
        assert!(read("door/set", b"open").is_err());
        assert!(Command::read("scan/set", b"PRESS", true).is_err_and(|why| why.contains("retained")));
    }
}
