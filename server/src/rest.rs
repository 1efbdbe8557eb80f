//! The REST API under /api/v1. Each handler asks one function of `models::db`, the same that the app's server
//! functions ask, and gives its answer a shape.

mod barcodes;
mod bins;
mod bottles;
mod calibration;
mod calibration_bins;
mod calibrations;
mod catalogue;
mod changes;
mod export;
mod health;
mod holdings;
mod imports;
mod labels;
mod lights;
mod metrics;
pub(crate) mod motion;
mod movements;
mod notes;
mod numbers;
mod page;
mod photos;
mod print;
mod proposals;
mod racks;
mod scans;
mod session;
mod stocktake;
mod tags;
mod tokens;
mod users;
mod vintages;
mod wines;
mod wishes;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// A rack of 500 bins whose outlines have 64 corners each, drawn to a millionth of a pixel.
const MOST_DRAWN: usize = 2 * 1024 * 1024;

/// All routes with their documentation: what is not listed here is neither served nor documented.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(bins::summary))
        .routes(routes!(bins::list))
        .routes(routes!(bins::get, racks::update_bin))
        .routes(routes!(bins::wines))
        .routes(routes!(stocktake::list))
        .routes(routes!(stocktake::count))
        .routes(routes!(wines::list, wines::create))
        .routes(routes!(wines::get, wines::update, wines::archive))
        .routes(routes!(vintages::create))
        .routes(routes!(vintages::get, vintages::update))
        .routes(routes!(bottles::list))
        .routes(routes!(bottles::get, bottles::update))
        .routes(routes!(bottles::relabel))
        .routes(routes!(holdings::list))
        .routes(routes!(movements::list, movements::create))
        .routes(routes!(movements::create_all))
        .routes(routes!(movements::create_case))
        .routes(routes!(movements::undo))
        .routes(routes!(notes::list))
        .routes(routes!(notes::create))
        .routes(routes!(notes::get, notes::update, notes::delete))
        .routes(routes!(wishes::list, wishes::create))
        .routes(routes!(wishes::get, wishes::update, wishes::delete))
        .routes(routes!(tags::list))
        .routes(routes!(racks::list, racks::create))
        .routes(routes!(racks::get, racks::update, racks::archive))
        .routes(routes!(racks::create_bin))
        .routes(routes!(lights::light))
        .routes(routes!(calibration::cameras))
        .routes(routes!(calibration::shot))
        .routes(routes!(calibration::tag_sheet))
        .routes(routes!(calibration::find_corners))
        .routes(routes!(calibration::snap_to))
        .routes(routes!(calibration::rectified))
        .routes(routes!(calibration::find_lens))
        .routes(routes!(calibration::find_lattice))
        .routes(routes!(calibration_bins::cells))
        .routes(routes!(calibrations::list))
        .routes(routes!(calibrations::get))
        .routes(routes!(calibrations::restore))
        .routes(routes!(calibrations::file))
        .routes(routes!(calibrations::shift, calibrations::accept_shift))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(calibration_bins::count))
                .routes(routes!(calibrations::create))
                .layer(DefaultBodyLimit::max(MOST_DRAWN)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(calibration::upload))
                .routes(routes!(calibration_bins::read_mask))
                .layer(DefaultBodyLimit::max(crate::calibrate::MOST_BYTES)),
        )
        .routes(routes!(changes::list))
        .routes(routes!(changes::undo))
        .routes(routes!(scans::list, scans::start))
        .routes(routes!(scans::get))
        .routes(routes!(motion::notice))
        .routes(routes!(scans::readings))
        .routes(routes!(scans::last_readings))
        .routes(routes!(proposals::list))
        .routes(routes!(proposals::get))
        .routes(routes!(proposals::approve))
        .routes(routes!(proposals::approve_all))
        .routes(routes!(proposals::part))
        .routes(routes!(proposals::snooze))
        .routes(routes!(proposals::reject))
        .routes(routes!(proposals::reopen))
        .routes(routes!(imports::list))
        .routes(routes!(imports::get))
        .routes(routes!(imports::undo))
        .routes(routes!(export::csv))
        .routes(routes!(export::json))
        .routes(routes!(export::pdf))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(imports::preview))
                .routes(routes!(imports::create))
                .routes(routes!(catalogue::list, catalogue::import))
                .layer(DefaultBodyLimit::max(models::import::LARGEST)),
        )
        .routes(routes!(catalogue::search))
        .routes(routes!(catalogue::remove))
        .routes(routes!(print::print))
        .routes(routes!(barcodes::list))
        .routes(routes!(barcodes::get, barcodes::learn, barcodes::forget))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(photos::get, photos::put, photos::delete))
                .layer(DefaultBodyLimit::max(::labels::LARGEST_FILE)),
        )
        .merge(OpenApiRouter::new().routes(routes!(labels::parse)).layer(DefaultBodyLimit::max(crate::labels::LARGEST)))
        .routes(routes!(numbers::get))
        .routes(routes!(session::get, session::create, session::delete))
        .routes(routes!(session::person))
        .routes(routes!(session::password))
        .routes(routes!(session::pin))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::get, users::update))
        .routes(routes!(users::password))
        .routes(routes!(users::pin, users::pin_remove))
        .routes(routes!(users::sessions))
        .routes(routes!(users::session_end))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke));
    OpenApiRouter::new()
        .nest("/api/v1", v1)
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
}
