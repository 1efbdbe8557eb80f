//! An example of every request and answer, recorded by `scripts/examples.mjs` from a real demo cellar.

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// What one operation was sent and what it answered.
#[derive(Deserialize)]
struct Example {
    request: Option<Value>,
    answer: Option<Value>,
}

const RECORDED: &str = include_str!("examples.json");

/// Puts each where it belongs; an example that stands at the handler stays.
pub(super) fn show(document: &mut OpenApi) {
    let recorded: std::collections::BTreeMap<String, Example> = serde_json::from_str(RECORDED).unwrap_or_default();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let Some(example) = operation.operation_id.as_ref().and_then(|name| recorded.get(name)) else { continue };
            if let (Some(RefOr::T(body)), Some(request)) = (&mut operation.request_body, &example.request) {
                body.content.values_mut().for_each(|content| put(content, request));
            }
            let Some(answer) = &example.answer else { continue };
            for (status, response) in &mut operation.responses.responses {
                if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
                    response.content.values_mut().for_each(|content| put(content, answer));
                }
            }
        }
    }
}

fn put(content: &mut RefOr<Content>, value: &Value) {
    let RefOr::T(content) = content else { return };
    content.example.get_or_insert_with(|| value.clone());
}
