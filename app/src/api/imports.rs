//! Other programs' files: what they would do, doing it, and taking it back.

use leptos::prelude::*;
use models::{Instant, import::preview::Preview};
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// A file that waits for a person's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id.
    pub upload: String,
    /// Its name.
    pub file_name: String,
    /// Columns and what each is taken as, for a table of no known format.
    pub columns: Vec<(String, String)>,
    /// The choices as they go back to the server.
    pub mapping: String,
    /// Currency of prices without one.
    pub currency: String,
    /// What importing it would do, or why it cannot be.
    pub preview: Result<Preview, String>,
}

/// An import that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// Name of the file.
    pub file_name: String,
    /// When (UTC).
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// Whether it was taken back.
    pub undone: bool,
    /// What came of it; without lines in the list.
    pub report: Preview,
}

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportPage {
    /// The chosen file.
    pub waiting: Option<Waiting>,
    /// The import that was just made.
    pub done: Option<Made>,
    /// The last ones.
    pub recent: Vec<Made>,
    /// The server's clock.
    pub now: Instant,
}

/// Lines shown of a long report, beside those that carry a warning or were left out.
#[cfg(feature = "ssr")]
const SHOWN: usize = 200;

#[cfg(feature = "ssr")]
fn made(import: models::db::import::Import, lines: bool) -> Made {
    let mut report = import.report.shortened(SHOWN);
    if !lines {
        report.lines.clear();
    }
    Made {
        id: import.id,
        file_name: import.file_name,
        at: import.at,
        actor: import.actor,
        undone: import.undone_at.is_some(),
        report,
    }
}

/// The chosen file's bytes and name.
#[cfg(feature = "ssr")]
pub(super) fn upload(id: &str) -> Result<(Vec<u8>, String), AppError> {
    use crate::error::ErrorCode;
    let away = || AppError::new(ErrorCode::NotFound, crate::texts::file_is_gone());
    models::db::import::import_id(id).map_err(|_| away())?;
    let folder = crate::ctx::AppCtx::get()?.uploads;
    let bytes = std::fs::read(folder.join(format!("{id}.file"))).map_err(|_| away())?;
    let name = std::fs::read_to_string(folder.join(format!("{id}.name"))).unwrap_or_default();
    Ok((bytes, name))
}

/// The options from `0=producer,3=name` (number of the column = field) and a currency.
#[cfg(feature = "ssr")]
fn options(header: Option<&[String]>, chosen: &str, currency: &str) -> models::import::Options {
    use models::import::{Mapping, Options};
    let mut mapping = Mapping::default();
    for part in chosen.split(',') {
        let Some((column, field)) = part.split_once('=') else { continue };
        let column = column.parse::<usize>().ok().and_then(|i| header?.get(i).cloned());
        if let Some(column) = column.filter(|_| !field.is_empty()) {
            mapping.0.insert(field.to_owned(), column);
        }
    }
    let currency = currency.trim().to_uppercase();
    let mapping = Some(mapping).filter(|mapping| header.is_some() && !mapping.0.is_empty());
    Options { mapping, currency: Some(currency).filter(|code| !code.is_empty()) }
}

/// Reads the page: the preview of `chosen`, the report of `done`, the last imports.
#[server(input = GetUrl)]
pub async fn get_import(
    chosen: String,
    done: String,
    mapping: String,
    currency: String,
) -> Result<ImportPage, AppError> {
    use models::{
        db::import::{import_get, import_list, import_preview},
        import::{self, Mapping},
    };
    let file = if chosen.is_empty() { None } else { Some(upload(&chosen)?) };
    crate::ctx::AppCtx::get()?
        .read(move |conn, now| {
            let waiting = file.map(|(bytes, file_name)| {
                let header = import::columns(&bytes).ok().flatten();
                let options = options(header.as_deref(), &mapping, &currency);
                let taken = options.mapping.clone().or_else(|| header.as_deref().map(Mapping::guess));
                let field = |column: &String| {
                    let taken = taken.iter().flat_map(|mapping| &mapping.0);
                    taken.filter(|(_, name)| *name == column).map(|(field, _)| field.clone()).next()
                };
                let columns =
                    header.iter().flatten().map(|column| (column.clone(), field(column).unwrap_or_default())).collect();
                let preview = import_preview(conn, &bytes, &options, now);
                let preview = preview.map(|report| report.shortened(SHOWN)).map_err(|error| error.to_string());
                Waiting { upload: chosen, file_name, columns, mapping, currency, preview }
            });
            let done = if done.is_empty() { None } else { Some(made(import_get(conn, &done)?, true)) };
            let recent = import_list(conn, None, 10)?.into_iter().map(|import| made(import, false)).collect();
            Ok(ImportPage { waiting, done, recent, now })
        })
        .await
}

/// Imports the chosen file and goes on to the report.
#[server]
pub async fn run_import(upload: String, mapping: String, currency: String) -> Result<(), AppError> {
    use models::{db::import::import_run, movement::Source};
    let (bytes, name) = self::upload(&upload)?;
    let actor = models::movement::Actor { source: Source::Import, ..crate::ctx::actor() };
    let ctx = crate::ctx::AppCtx::get()?;
    let header = models::import::columns(&bytes).ok().flatten();
    let options = options(header.as_deref(), &mapping, &currency);
    let made = ctx.write_much(move |conn, now| import_run(conn, &name, &bytes, &options, &actor, now)).await?;
    for end in ["file", "name"] {
        let _ = std::fs::remove_file(ctx.uploads.join(format!("{upload}.{end}")));
    }
    leptos_axum::redirect(&format!("/import?done={}", made.id));
    Ok(())
}

/// Takes an import back.
#[server]
pub async fn undo_import(import: String) -> Result<(), AppError> {
    use models::db::import::import_undo;
    let id = import.clone();
    crate::ctx::AppCtx::get()?.write_much(move |conn, now| import_undo(conn, &id, &crate::ctx::actor(), now)).await?;
    leptos_axum::redirect(&format!("/import?done={import}"));
    Ok(())
}
