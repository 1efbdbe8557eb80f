//! What any operation may answer and take beside its own: told once here and not at each handler.

use utoipa::openapi::{
    Content, ObjectBuilder, OpenApi, Ref, Required, ResponseBuilder,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};

use crate::idempotency;

/// Adds them to every operation of the API that does not tell them itself.
pub(super) fn tell(document: &mut OpenApi) {
    const ANY: &[(&str, &str)] = &[
        ("400", "The address or a parameter cannot be understood"),
        ("401", "Sign in, or send a token"),
        ("403", "Your role may not do this"),
        ("503", "The database does not answer; nothing was changed"),
    ];
    const CHECKED: &[(&str, &str)] = &[("422", "A value cannot be used; `field` names it")];
    const WITH_BODY: &[(&str, &str)] =
        &[("413", "The body is too large"), ("415", "The body is not `application/json`")];
    const POST: &[(&str, &str)] =
        &[("409", "The cellar's rules or its state forbid it; or the Idempotency-Key is in use")];
    const VERSIONED: &[(&str, &str)] = &[
        ("409", "The cellar's rules forbid it"),
        ("412", "Somebody has changed it since; the detail says who and what"),
        ("428", "If-Match is missing"),
    ];
    for (path, item) in document.paths.paths.iter_mut().filter(|(path, _)| path.starts_with("/api/")) {
        let methods =
            [(&mut item.get, "get"), (&mut item.post, "post"), (&mut item.put, "put"), (&mut item.delete, "delete")];
        for (operation, method) in methods {
            let Some(operation) = operation else { continue };
            let mut answers = [ANY, CHECKED].concat();
            if operation.request_body.is_some() {
                answers.extend(WITH_BODY);
            }
            match method {
                "post" => {
                    answers.extend(POST);
                    if idempotency::is_for(path) {
                        operation.parameters.get_or_insert_default().push(idempotency_key().into());
                    }
                }
                "put" | "delete" if is_versioned(path) => {
                    answers.extend(VERSIONED);
                    operation.parameters.get_or_insert_default().push(if_match().into());
                }
                _ => {}
            }
            for (status, words) in answers {
                operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(words).into());
            }
        }
    }
}

/// Whether a write on the path says which revision it was made on. Secrets, sessions and tokens are not edited but
/// replaced and ended.
fn is_versioned(path: &str) -> bool {
    let replaced = ["/sessions/", "/tokens/", "/password", "/pin"];
    path.contains('{') && !replaced.iter().any(|part| path.contains(part))
}

fn problem(words: &str) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description(words)
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build()
}

fn if_match() -> Parameter {
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("The ETag that was read, such as \"3\""))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"[0-9]{1,9}\"$")).build()))
        .build()
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Sent again with the same key, the request is answered again and done once; kept for 48 hours",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]{1,200}$")).build()))
        .build()
}
