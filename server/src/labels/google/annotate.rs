//! One request for all shots of a bottle, and why it was refused.

use std::{path::Path, time::Duration};

use axum::http::{HeaderMap, header};
use labels::{
    Page,
    google::{self, AnswerError, Status},
};

use super::{Refused, Sendable, said};
use crate::tell::{Address, fetch};

/// Longest answer that is read, in bytes: four back labels with the place of every letter have some three million.
const MOST_READ: usize = 16 << 20;
/// Longest pause that is believed.
const LONGEST_WAIT: u64 = 24 * 3600;

/// Why it was not read.
#[derive(Debug)]
pub(super) enum Failed {
    /// The token is not taken.
    Token(Refused),
    /// Anything else.
    Other(Refused),
}

/// What the pictures say.
pub(super) async fn ask(
    endpoint: &Address,
    token: &str,
    pictures: &[Sendable],
    ca: Option<&Path>,
    wait: Duration,
) -> Result<Vec<Page>, Failed> {
    let contents: Vec<&str> = pictures.iter().map(|picture| picture.content.as_str()).collect();
    let sizes: Vec<(u32, u32)> = pictures.iter().map(|picture| (picture.width, picture.height)).collect();
    let headers =
        [("authorization", format!("Bearer {token}")), ("content-type", "application/json; charset=utf-8".to_owned())];
    let body = google::request(&contents).to_string();
    let answer = fetch(endpoint, &headers, body, ca, wait, MOST_READ).await;
    let answer = answer.map_err(|why| Failed::Other(format!("Google does not answer: {why}").into()))?;
    if answer.status != 200 {
        let told = google::refusal(&answer.body).unwrap_or_default();
        return Err(refused(answer.status, &told, &answer.headers));
    }
    // Some 3 MB of JSON are read and put together: not on a thread that others wait for.
    let read = tokio::task::spawn_blocking(move || (google::pages(&answer.body, &sizes), answer.headers)).await;
    match read {
        Ok((Ok(pages), _)) => Ok(pages),
        Ok((Err(AnswerError::Refused(told)), headers)) => Err(refused(status_of(told.code), &told, &headers)),
        Ok((Err(error @ AnswerError::Shape(_)), _)) => {
            Err(Failed::Other(format!("{error}; does WINECELLAR_VISION_URL name images:annotate of v1?").into()))
        }
        Err(error) => Err(Failed::Other(format!("the answer of Google cannot be read: {error}").into())),
    }
}

/// The HTTP status that means what a code of gRPC means (google.rpc.Code).
fn status_of(code: i32) -> u16 {
    match code {
        3 | 9 | 11 => 400,
        4 => 504,
        5 => 404,
        7 => 403,
        8 => 429,
        14 => 503,
        16 => 401,
        _ => 500,
    }
}

fn refused(status: u16, told: &Status, headers: &HeaderMap) -> Failed {
    let words = said(&format!("{} {}", told.status, told.message));
    let words = if words.is_empty() { format!("status {status}") } else { words };
    let after = headers.get(header::RETRY_AFTER).and_then(|text| text.to_str().ok()?.trim().parse::<u64>().ok());
    let wait = after.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT)));
    let why = match status {
        429 => format!("Google's quota is used up ({words}): try again later, or raise it in the Cloud console"),
        401 => format!("Google does not take the account's token ({words}): make a new key and put its file in place"),
        403 => format!(
            "Google refuses ({words}): is the Cloud Vision API switched on in the account's project, with billing?"
        ),
        404 => format!("Google knows no such request ({words}): see WINECELLAR_VISION_URL"),
        300..=399 => {
            format!("WINECELLAR_VISION_URL leads elsewhere ({words}), and that is not followed: name the place itself")
        }
        400..=499 => format!("Google does not take the photo ({words})"),
        _ => format!("Google cannot read at the moment ({words}): try again later"),
    };
    let refused = Refused { why, wait };
    if status == 401 { Failed::Token(refused) } else { Failed::Other(refused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_cure_and_a_quota_its_pause() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("120"));
        let of = |status: u16, word: &str| {
            let told = Status { message: "because\nof that".to_owned(), status: word.to_owned(), ..Status::default() };
            match refused(status, &told, &headers) {
                Failed::Token(refused) | Failed::Other(refused) => refused,
            }
        };
        let quota = of(429, "RESOURCE_EXHAUSTED");
        assert!(quota.why.contains("(RESOURCE_EXHAUSTED because of that)"), "{}", quota.why);
        assert_eq!(quota.wait, Some(Duration::from_secs(120)));
        assert!(of(403, "").why.contains("billing"));
        assert!(of(307, "").why.contains("not followed"));
        assert!(of(502, "").why.contains("try again later"));
        assert_eq!([3, 7, 8, 14, 16, 99].map(status_of), [400, 403, 429, 503, 401, 500]);
    }
}
