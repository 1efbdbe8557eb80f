//! What Google Cloud Vision is asked and what it answers (REST, v1 `images:annotate` with `DOCUMENT_TEXT_DETECTION`). Texts in, texts
//! out: who sends them is the server's business.

mod place;
mod plain;
mod shapes;
mod words;

use serde_json::{Value, json};

use crate::line::{Line, MOST_LINES, Page, top_down};
pub use shapes::Status;
use shapes::{Answer, One};

/// How sure a line is where the answer does not say.
const UNSAID: f32 = 0.75;

/// Why an answer tells no lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is not what the service answers.
    #[error("the answer is not what Cloud Vision answers: {0}")]
    Shape(String),
    /// The service says within its answer that it did not read.
    #[error("{}", .0.message)]
    Refused(Status),
}

/// The body of a request: JPEG pictures in Base64, each to be read as a dense text.
#[must_use]
pub fn request(pictures: &[&str]) -> Value {
    let one = |content: &&str| json!({ "image": { "content": content }, "features": [{ "type": "DOCUMENT_TEXT_DETECTION" }] });
    json!({ "requests": pictures.iter().map(one).collect::<Vec<_>>() })
}

/// What an answer says of pictures of these sizes (width and height in pixels), in their order.
///
/// # Errors
/// When it is no such answer, tells of more or fewer pictures, or holds an error for the request or for one of them.
pub fn pages(answer: &[u8], sizes: &[(u32, u32)]) -> Result<Vec<Page>, AnswerError> {
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|error| AnswerError::Shape(format!("{:?} error", error.classify())))?;
    if let Some(refused) = answer.error {
        return Err(AnswerError::Refused(refused));
    }
    if answer.responses.len() != sizes.len() {
        let why = format!("{} pictures were sent, {} are answered", sizes.len(), answer.responses.len());
        return Err(AnswerError::Shape(why));
    }
    let read = answer.responses.into_iter().zip(sizes);
    read.map(|(one, (width, height))| match one.error {
        // The service sends an empty status with some good answers.
        Some(refused) if refused.code != 0 || !refused.message.is_empty() => Err(AnswerError::Refused(refused)),
        _ => Ok(Page { width: *width, height: *height, lines: lines(&one, [*width as f32, *height as f32]) }),
    })
    .collect()
}

/// What the body of a refusal (any status but 200) says.
#[must_use]
pub fn refusal(body: &[u8]) -> Option<Status> {
    serde_json::from_slice::<Answer>(body).ok()?.error
}

/// The whole text with its parts where it is there, else the plain list of words.
fn lines(one: &One, size: [f32; 2]) -> Vec<Line> {
    let mut lines = match &one.full_text_annotation {
        Some(text) if !text.pages.is_empty() => words::lines(text, size),
        _ => plain::lines(&one.text_annotations, size),
    };
    if lines.len() > MOST_LINES {
        // The largest letters are the wine's name.
        lines.sort_by(|a, b| b.height().total_cmp(&a.height()));
        lines.truncate(MOST_LINES);
    }
    top_down(&mut lines);
    lines
}

#[cfg(test)]
mod tests;
