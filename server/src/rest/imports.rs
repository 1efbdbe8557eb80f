//! Imports of other programs' files.

use axum::{body::Bytes, extract::State, http::StatusCode};
use models::{
    db::import::{self, Import, import_id},
    import::{Mapping, Options, preview::Preview},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::page::{self, Page};
use crate::{
    access::Caller,
    config,
    extract::{ApiJson, ApiPath, ApiQuery},
    problem::Problem,
    state::Store,
};

/// What is said of the file beside its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// Name of the file, for the list of imports.
    file_name: Option<String>,
    /// Currency of prices without one, such as EUR.
    currency: Option<String>,
    /// Which column is what, as `COLUMN=FIELD,COLUMN=FIELD`, for a file of no known format; guessed when absent.
    map: Option<String>,
    /// Only the first so many lines of the report, and every line with a warning or left out; all when absent.
    #[param(minimum = 0, maximum = 1_000_000)]
    lines: Option<u32>,
}

impl FileQuery {
    fn options(&self) -> Result<Options, Problem> {
        if let Some(lines) = self.lines.filter(|lines| *lines > 1_000_000) {
            return Err(Problem::field("lines", format!("{lines} is not 0 to 1000000")));
        }
        let mapping = self.map.as_deref().map(Mapping::parse).transpose()?;
        Ok(Options { mapping, currency: self.currency.clone() })
    }

    fn cut(&self, report: Preview) -> Preview {
        match self.lines {
            Some(most) => report.shortened(usize::try_from(most).unwrap_or(usize::MAX)),
            None => report,
        }
    }
}

/// Says line by line what importing the file would do, and changes nothing. The body is the file itself, up to 32 MiB:
/// CellarTracker (List, Inventory, Bottles, Consumed, Purchase, Pending, Notes), Vivino, this program's CSV, or any
/// table with a header.
#[utoipa::path(post, path = "/imports/preview", tag = "imports", operation_id = "import_preview", params(FileQuery), request_body(content = String, content_type = "text/csv"), responses(
    (status = 200, body = Preview),
    (status = 413, description = "The file is larger than 32 MiB"),
    (status = 422, description = "The file cannot be used; the detail says why", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn preview(
    State(store): State<Store>,
    _: Caller,
    ApiQuery(query): ApiQuery<FileQuery>,
    body: Bytes,
) -> Result<ApiJson<Preview>, Problem> {
    let options = query.options()?;
    let report = store.read(move |conn| import::import_preview(conn, &body, &options, config::now())).await?;
    Ok(ApiJson(query.cut(report)))
}

/// Imports the file in one transaction. The same file again changes nothing.
#[utoipa::path(post, path = "/imports", tag = "imports", operation_id = "import_create", params(FileQuery), request_body(content = String, content_type = "text/csv"), responses(
    (status = 201, body = Import),
    (status = 413, description = "The file is larger than 32 MiB"),
    (status = 422, description = "The file cannot be used; the detail says why", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn create(
    State(store): State<Store>,
    caller: Caller,
    ApiQuery(query): ApiQuery<FileQuery>,
    body: Bytes,
) -> Result<(StatusCode, ApiJson<Import>), Problem> {
    let (options, actor) = (query.options()?, caller.actor(None)?);
    let name = query.file_name.clone().unwrap_or_default();
    let made =
        store.write_much(move |conn| import::import_run(conn, &name, &body, &options, &actor, config::now())).await?;
    Ok((StatusCode::CREATED, ApiJson(Import { report: query.cut(made.report.clone()), ..made })))
}

/// Which imports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items per page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Imports, newest first, their reports without the lines.
#[utoipa::path(get, path = "/imports", tag = "imports", operation_id = "import_list", params(ImportQuery), responses(
    (status = 200, body = Page<Import>)
))]
pub(crate) async fn list(
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<ImportQuery>,
) -> Result<ApiJson<Page<Import>>, Problem> {
    let limit = page::limit(query.limit)?;
    let mut list = store.read(move |conn| import::import_list(conn, query.cursor.as_deref(), limit + 1)).await?;
    list.iter_mut().for_each(|import| import.report.lines.clear());
    Ok(ApiJson(Page::cut(list, limit, |import| import.id.as_str())))
}

/// One import with what has become of every line.
#[utoipa::path(get, path = "/imports/{import}", tag = "imports", operation_id = "import_get", params(("import" = String, Path, description = "Id of the import")), responses(
    (status = 200, body = Import),
    (status = 404, body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn get(State(store): State<Store>, ApiPath(id): ApiPath<String>) -> Result<ApiJson<Import>, Problem> {
    store.read(move |conn| import::import_get(conn, &id)).await.map(ApiJson)
}

/// Takes an import back at one go. Refused when one of its bottles has moved since.
#[utoipa::path(post, path = "/imports/{import}/undo", tag = "imports", operation_id = "import_undo", params(("import" = String, Path, description = "Id of the import")), responses(
    (status = 200, body = Import),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Undone already, or a bottle has moved since", body = Problem, content_type = "application/problem+json")
))]
pub(crate) async fn undo(
    State(store): State<Store>,
    caller: Caller,
    ApiPath(id): ApiPath<String>,
) -> Result<ApiJson<Import>, Problem> {
    import_id(&id)?;
    let actor = caller.actor(None)?;
    let mut undone = store.write_much(move |conn| import::import_undo(conn, &id, &actor, config::now())).await?;
    undone.report.lines.clear();
    Ok(ApiJson(undone))
}
