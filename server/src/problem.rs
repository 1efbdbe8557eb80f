//! Errors on the wire: RFC 9457 problem details. The only table from error to HTTP status.

use axum::{
    extract::{
        multipart::MultipartRejection,
        rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use models::{db::DbError, error::RuleError};
use serde::Serialize;
use utoipa::ToSchema;

/// A problem, sent as `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A stable name of the kind of problem, such as `/problems/not-found`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// The kind in words.
    pub(crate) title: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong here and how to cure it.
    pub(crate) detail: String,
    /// JSON path of the field at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// Seconds to wait before trying again, where waiting helps; `Retry-After` says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wait: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, title, status: status.as_u16(), detail: detail.into(), field: None, wait: None }
    }

    /// A value that cannot be used.
    pub(crate) fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/invalid-field", "A value cannot be used", detail);
        problem.field = Some(field.into());
        problem
    }

    /// Nothing there.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "/problems/not-found", "There is no such thing", detail)
    }

    /// The request could not be understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "/problems/bad-request", "The request cannot be understood", detail)
    }

    /// The path exists, the method does not.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "/problems/method-not-allowed",
            "The method is not allowed here",
            "see /docs for the methods of this path",
        )
    }

    /// A write without the revision it was made on.
    pub(crate) fn precondition_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "/problems/if-match-missing",
            "The revision is missing",
            "read the thing first and send its ETag as If-Match, so that nobody's change is overwritten unseen",
        )
    }

    /// The body is longer than is taken.
    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "/problems/too-large", "The body is too large", "send less at once")
    }

    /// A repeated request whose first answer was lost.
    pub(crate) fn answer_lost() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "/problems/answer-lost",
            "This was done already",
            "the request with this Idempotency-Key was done, its answer was lost; look at the history",
        )
    }

    /// Nobody has signed in, or not as somebody.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "/problems/unauthorized", "Sign in first", detail)
    }

    /// Whoever it is may not.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "/problems/forbidden", "Not allowed", detail)
    }

    /// Too many wrong answers.
    pub(crate) fn too_many(wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("there were too many wrong answers; try again in {seconds} s");
        let mut problem =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/too-many-tries", "Too many tries", detail);
        problem.wait = Some(seconds);
        problem
    }

    /// Too many of something that is taken now and then.
    pub(crate) fn too_often(what: &str, wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("there were too many {what} from here; try again in {seconds} s");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "/problems/too-often", "Too often", detail);
        problem.wait = Some(seconds);
        problem
    }

    /// A scan is already running.
    pub(crate) fn scan_running(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "/problems/scan-running", "A scan is running", detail)
    }

    /// Something is away that will come back.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "/problems/unavailable", "Temporarily unavailable", detail)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "/problems/internal",
            "The server failed",
            "the server's log has the cause (journalctl -u winecellar-api.service)",
        )
    }
}

impl From<RuleError> for Problem {
    fn from(rule: RuleError) -> Self {
        match rule {
            RuleError::Field { field, message } => Self::field(field, message),
            full @ RuleError::BinFull { .. } => {
                Self::new(StatusCode::CONFLICT, "/problems/bin-full", "The bin is full", full.to_string())
            }
            RuleError::Forbidden(detail) => {
                Self::new(StatusCode::CONFLICT, "/problems/forbidden-by-rule", "The cellar's rules forbid it", detail)
            }
        }
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound(what) => Self::not_found(what),
            DbError::Conflict(detail) => {
                Self::new(StatusCode::CONFLICT, "/problems/conflict", "Somebody was faster", detail)
            }
            DbError::Stale(detail) => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "/problems/changed-meanwhile",
                "Somebody has changed it meanwhile",
                detail,
            ),
            DbError::Busy => Self::unavailable("the database is busy; try again"),
            DbError::Unavailable(detail) => {
                tracing::warn!(detail, "database away");
                Self::unavailable(
                    "the database does not answer; this server tries on by itself. Whether a change that was just \
                     asked for has been made is not known: look before asking again",
                )
            }
            DbError::Rule(rule) => rule.into(),
            other => {
                tracing::error!(error = %other, "database error");
                Self::internal()
            }
        }
    }
}

impl From<tokio::task::JoinError> for Problem {
    fn from(error: tokio::task::JoinError) -> Self {
        tracing::error!(%error, "a task broke off");
        Self::internal()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status();
        let title = "The body cannot be used";
        Self::new(status, "/problems/invalid-body", title, rejection.body_text())
    }
}

impl From<FormRejection> for Problem {
    fn from(rejection: FormRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<MultipartRejection> for Problem {
    fn from(rejection: MultipartRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"winecellar\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        if let Some(wait) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}
