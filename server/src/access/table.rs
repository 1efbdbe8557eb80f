//! Who may do what: one table for all routes. A route that is not in it is refused to everybody.
//!
//! Whoever adds a route adds its line here; `server/tests/it/access.rs` walks all routes as everybody and fails on one
//! without a line. `winecellar routes` prints the table as it is in force.

use models::user::{self, Permission, Role};

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: everybody may.
    Open,
    /// The permission.
    Of(Permission),
    /// The permission, or being a program that looks at the rack.
    Scanner(Permission),
}

impl Need {
    /// Whether somebody of that role, narrowed by scopes, may. Nobody has no role.
    pub(crate) fn admits(self, role: Option<Role>, scopes: &[Permission]) -> bool {
        let may = |permission| role.is_some_and(|role| user::allowed(role, scopes, permission));
        match self {
            Self::Open => true,
            Self::Of(permission) => may(permission),
            Self::Scanner(permission) => may(permission) || may(Permission::Worker),
        }
    }
}

/// What the table says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It needs this.
    Needs(Need),
    /// The path is in the table, with other methods.
    WrongMethod,
    /// The path is not in the table.
    Unknown,
}

const OPEN: Need = Need::Open;
const READ: Need = Need::Of(Permission::Read);
const STOCK: Need = Need::Of(Permission::Stock);
const EDIT: Need = Need::Of(Permission::Edit);
const MANAGE: Need = Need::Of(Permission::Manage);
const ADMIN: Need = Need::Of(Permission::Admin);
const SCAN_READ: Need = Need::Scanner(Permission::Read);
const SCAN: Need = Need::Scanner(Permission::Stock);

/// The table. Methods are parted by blanks; GET stands for HEAD too.
const TABLE: &[(&str, &str, Need)] = &[
    // Health, and the files of the browser half.
    ("GET", "/healthz", OPEN),
    ("GET", "/readyz", OPEN),
    ("GET", "/metrics", READ),
    ("GET", "/health", READ),
    ("GET", "/pkg/{file}", OPEN),
    ("GET", "/favicon.svg", OPEN),
    ("GET", "/icons.svg", OPEN),
    ("GET", "/manifest.webmanifest", OPEN),
    ("GET", "/icon-192.png", OPEN),
    ("GET", "/icon-512.png", OPEN),
    ("GET", "/texts/{file}", OPEN),
    ("GET", "/icon-maskable-192.png", OPEN),
    ("GET", "/icon-maskable-512.png", OPEN),
    ("GET", "/apple-touch-icon.png", OPEN),
    // Coming and going.
    ("POST", "/language", READ),
    ("GET POST", "/sign-in", OPEN),
    ("GET POST", "/setup", OPEN),
    ("POST", "/sign-out", OPEN),
    ("GET POST DELETE", "/api/v1/session", OPEN),
    ("POST", "/api/v1/session/person", STOCK),
    ("POST", "/who", STOCK),
    // A screen is lent to guests, and taken back.
    ("POST", "/guests/begin", STOCK),
    ("POST", "/guests/end", READ),
    // A page that broke tells why.
    ("POST", "/trouble", READ),
    // The settings of one's own screen.
    ("GET POST", "/device", READ),
    // One's own: the handler wants the present password besides.
    ("POST", "/who/password", READ),
    ("POST", "/who/pin", READ),
    ("PUT", "/api/v1/session/password", READ),
    ("PUT", "/api/v1/session/pin", READ),
    // Pages.
    ("GET", "/", READ),
    ("GET", "/rack", READ),
    ("GET", "/bins/{id}", READ),
    ("GET", "/bottles", READ),
    ("GET", "/bottles/{id}", READ),
    ("GET", "/proposals", READ),
    ("GET", "/archive", READ),
    ("GET", "/guests", READ),
    ("GET", "/several", READ),
    ("GET", "/proposals/all", READ),
    ("GET", "/stocktake", READ),
    ("GET", "/scans", READ),
    ("GET", "/scans/{id}", READ),
    ("GET", "/history", READ),
    ("GET", "/who", READ),
    ("GET", "/help", READ),
    ("GET", "/numbers", READ),
    ("GET", "/label", READ),
    ("POST", "/label/upload", EDIT),
    ("POST", "/label/photo/remove", EDIT),
    ("GET", "/labels/print", READ),
    ("POST", "/labels/print/sheet.pdf", STOCK),
    ("GET", "/code", READ),
    ("GET", "/codes", READ),
    ("GET", "/scan-code", READ),
    ("POST", "/scan-code/frame", READ),
    ("POST", "/code/forget", EDIT),
    ("GET", "/wines/new", READ),
    ("GET", "/wines/{id}", READ),
    ("GET", "/wines/{id}/edit", READ),
    ("GET", "/wines/{id}/receive", READ),
    ("GET", "/wishes", READ),
    ("GET", "/catalogue", EDIT),
    ("POST", "/catalogue/upload", EDIT),
    ("POST", "/catalogue/remove", EDIT),
    ("GET", "/import", EDIT),
    ("POST", "/import/upload", EDIT),
    // Whoever may not calibrate is told so by the page.
    ("GET", "/calibrate", READ),
    ("GET", "/calibrate/new", READ),
    ("GET", "/calibrate/{id}", READ),
    ("GET", "/calibrate/{id}/versions", READ),
    ("GET", "/calibrate/{id}/shift", READ),
    ("GET", "/_fn/get_calibration", READ),
    ("POST", "/calibrate/restore", EDIT),
    ("POST", "/calibrate/shift", EDIT),
    ("GET", "/people", ADMIN),
    ("POST", "/people/add", ADMIN),
    ("POST", "/people/change", ADMIN),
    ("POST", "/people/password", ADMIN),
    ("POST", "/people/pin", ADMIN),
    ("POST", "/people/sign-out", ADMIN),
    ("GET POST", "/people/tokens", ADMIN),
    ("POST", "/people/tokens/revoke", ADMIN),
    // Server functions of the app: reads.
    ("GET", "/_fn/get_home", READ),
    ("GET", "/_fn/open_count", READ),
    ("GET", "/_fn/get_racks", READ),
    ("GET", "/_fn/get_bin", READ),
    ("GET", "/_fn/get_bottles", READ),
    ("GET", "/_fn/get_bottle", READ),
    ("GET", "/_fn/get_proposals", READ),
    ("GET", "/_fn/get_archive", READ),
    ("GET", "/_fn/get_tonight", READ),
    ("GET", "/_fn/get_several", READ),
    ("POST", "/_fn/move_several", STOCK),
    ("GET", "/_fn/get_stocktake", READ),
    ("GET", "/_fn/get_scans", READ),
    ("GET", "/_fn/get_scan", READ),
    ("GET", "/_fn/get_history", READ),
    ("GET", "/_fn/get_numbers", READ),
    ("GET", "/_fn/get_wine", READ),
    ("GET", "/_fn/get_wishes", READ),
    ("GET", "/_fn/get_free_bins", READ),
    ("GET", "/_fn/get_listed", READ),
    ("GET", "/_fn/get_catalogue", EDIT),
    ("GET", "/_fn/get_import", EDIT),
    ("GET", "/_fn/get_label", EDIT),
    ("GET", "/_fn/get_code", READ),
    ("GET", "/_fn/get_print", READ),
    ("GET", "/_fn/get_who", READ),
    ("GET", "/_fn/get_names", READ),
    ("GET", "/_fn/get_people", ADMIN),
    ("GET", "/_fn/new_token", ADMIN),
    // Server functions of the app: acts.
    ("POST", "/_fn/take_bottle", STOCK),
    ("POST", "/_fn/put_bottle", STOCK),
    ("POST", "/_fn/undo_movement", STOCK),
    ("POST", "/_fn/answer_proposal", STOCK),
    ("POST", "/_fn/approve_all", STOCK),
    ("POST", "/_fn/count_bin", STOCK),
    ("POST", "/_fn/scan_now", STOCK),
    ("POST", "/_fn/open_bottle", STOCK),
    ("POST", "/_fn/save_bottle", STOCK),
    ("POST", "/_fn/relabel_bottle", EDIT),
    ("POST", "/_fn/enter_wine", EDIT),
    ("POST", "/_fn/receive_case", STOCK),
    ("POST", "/_fn/save_wine", EDIT),
    ("POST", "/_fn/save_vintage", EDIT),
    ("POST", "/_fn/remember_code", EDIT),
    ("POST", "/_fn/save_note", EDIT),
    ("POST", "/_fn/remove_note", EDIT),
    ("POST", "/_fn/add_wish", EDIT),
    ("POST", "/_fn/close_wish", EDIT),
    // The handler wants what the edit itself needed.
    ("POST", "/_fn/undo_change", STOCK),
    ("POST", "/_fn/run_import", EDIT),
    ("POST", "/_fn/undo_import", EDIT),
    // The API: stock.
    ("GET", "/api/v1/bins", SCAN_READ),
    ("GET", "/api/v1/bins/summary", SCAN_READ),
    ("GET", "/api/v1/bins/{bin}", SCAN_READ),
    ("PUT", "/api/v1/bins/{bin}", MANAGE),
    ("GET", "/api/v1/bins/{bin}/wines", READ),
    ("GET", "/api/v1/stocktake", READ),
    ("POST", "/api/v1/bins/{bin}/count", STOCK),
    ("GET", "/api/v1/racks", SCAN_READ),
    ("POST", "/api/v1/racks", MANAGE),
    ("GET", "/api/v1/racks/{rack}", SCAN_READ),
    ("PUT DELETE", "/api/v1/racks/{rack}", MANAGE),
    ("POST", "/api/v1/racks/{rack}/bins", MANAGE),
    ("POST", "/api/v1/racks/{rack}/bins/{bin}/light", STOCK),
    // Calibration. The screen may not manage racks: the handlers want a person of the house named by PIN, where anybody has one.
    ("GET", "/api/v1/calibration/cameras", EDIT),
    ("GET", "/api/v1/calibration/tags.pdf", READ),
    ("POST", "/api/v1/calibration/shots", EDIT),
    ("POST", "/api/v1/calibration/pictures", EDIT),
    ("POST", "/api/v1/calibration/corners", EDIT),
    ("POST", "/api/v1/calibration/snap", EDIT),
    ("POST", "/api/v1/calibration/rectified", EDIT),
    ("POST", "/api/v1/calibration/lens", EDIT),
    ("POST", "/api/v1/calibration/lattice", EDIT),
    ("POST", "/api/v1/calibration/cells", EDIT),
    ("POST", "/api/v1/calibration/count", EDIT),
    ("POST", "/api/v1/calibration/mask", EDIT),
    ("POST", "/api/v1/calibrations", EDIT),
    ("GET", "/api/v1/calibrations/{calibration}", READ),
    ("POST", "/api/v1/calibrations/{calibration}/restore", EDIT),
    ("GET", "/api/v1/calibrations/{calibration}/layout", READ),
    ("GET", "/api/v1/racks/{rack}/calibrations", READ),
    ("GET", "/api/v1/racks/{rack}/shift", READ),
    ("POST", "/api/v1/racks/{rack}/shift", EDIT),
    ("GET", "/api/v1/bottles", READ),
    ("GET", "/api/v1/bottles/{bottle}", READ),
    ("PUT", "/api/v1/bottles/{bottle}", STOCK),
    ("PUT", "/api/v1/bottles/{bottle}/vintage", EDIT),
    ("GET", "/api/v1/movements", READ),
    ("POST", "/api/v1/movements", STOCK),
    ("POST", "/api/v1/movements/batch", STOCK),
    ("POST", "/api/v1/movements/case", STOCK),
    ("POST", "/api/v1/movements/{movement}/undo", STOCK),
    ("GET", "/api/v1/proposals", READ),
    ("GET", "/api/v1/proposals/{proposal}", READ),
    ("POST", "/api/v1/proposals/{proposal}/approve", STOCK),
    ("POST", "/api/v1/proposals/{proposal}/reject", STOCK),
    ("POST", "/api/v1/proposals/{proposal}/reopen", STOCK),
    ("POST", "/api/v1/proposals/{proposal}/part", STOCK),
    ("POST", "/api/v1/proposals/{proposal}/snooze", STOCK),
    ("POST", "/api/v1/proposals/approve", STOCK),
    ("GET", "/api/v1/holdings", READ),
    ("GET", "/api/v1/facets", READ),
    ("GET", "/api/v1/numbers", READ),
    // The API: whole files. An import is undone at one go.
    ("POST", "/api/v1/labels:parse", EDIT),
    ("POST", "/api/v1/labels:print", STOCK),
    ("GET", "/api/v1/catalogue", READ),
    ("POST", "/api/v1/catalogue", EDIT),
    ("GET", "/api/v1/catalogue/wines", READ),
    ("DELETE", "/api/v1/catalogue/{list}", EDIT),
    ("GET", "/api/v1/imports", READ),
    ("POST", "/api/v1/imports", EDIT),
    ("POST", "/api/v1/imports/preview", EDIT),
    ("GET", "/api/v1/imports/{import}", READ),
    ("POST", "/api/v1/imports/{import}/undo", EDIT),
    ("GET", "/api/v1/export.csv", READ),
    ("GET", "/api/v1/export.json", READ),
    ("GET", "/api/v1/export.pdf", READ),
    // The API: the camera.
    ("GET", "/api/v1/scans", SCAN_READ),
    ("POST", "/api/v1/scans", SCAN),
    ("POST", "/api/v1/motion", SCAN),
    // As the former system has it: cameras and automations go on.
    ("POST", "/integration/surveillance/motion", SCAN),
    ("GET", "/api/v1/scans/{scan}", SCAN_READ),
    ("GET", "/api/v1/scans/{scan}/readings", SCAN_READ),
    ("GET", "/api/v1/readings", SCAN_READ),
    // The API: wines.
    ("GET", "/api/v1/wines", READ),
    ("POST", "/api/v1/wines", EDIT),
    ("GET", "/api/v1/wines/{wine}", READ),
    ("PUT DELETE", "/api/v1/wines/{wine}", EDIT),
    ("POST", "/api/v1/wines/{wine}/vintages", EDIT),
    ("GET", "/api/v1/vintages/{vintage}", READ),
    ("PUT", "/api/v1/vintages/{vintage}", EDIT),
    ("POST", "/api/v1/vintages/{vintage}/notes", EDIT),
    ("GET", "/api/v1/vintages/{vintage}/photo", READ),
    ("PUT DELETE", "/api/v1/vintages/{vintage}/photo", EDIT),
    ("GET", "/api/v1/barcodes", READ),
    ("GET", "/api/v1/barcodes/{code}", READ),
    ("PUT DELETE", "/api/v1/barcodes/{code}", EDIT),
    ("GET", "/api/v1/notes", READ),
    ("GET", "/api/v1/notes/{note}", READ),
    ("PUT DELETE", "/api/v1/notes/{note}", EDIT),
    ("GET", "/api/v1/wishes", READ),
    ("POST", "/api/v1/wishes", EDIT),
    ("GET", "/api/v1/wishes/{wish}", READ),
    ("PUT DELETE", "/api/v1/wishes/{wish}", EDIT),
    ("GET", "/api/v1/tags", READ),
    ("GET", "/api/v1/changes", READ),
    ("POST", "/api/v1/changes/{change}/undo", STOCK),
    // The API: people and programs.
    ("GET POST", "/api/v1/users", ADMIN),
    ("GET PUT", "/api/v1/users/{user}", ADMIN),
    ("PUT", "/api/v1/users/{user}/password", ADMIN),
    ("PUT DELETE", "/api/v1/users/{user}/pin", ADMIN),
    ("GET", "/api/v1/sessions", ADMIN),
    ("DELETE", "/api/v1/sessions/{session}", ADMIN),
    ("GET POST", "/api/v1/tokens", ADMIN),
    ("DELETE", "/api/v1/tokens/{token}", ADMIN),
    // Live events, pictures, documentation.
    ("GET", "/events", READ),
    ("GET", "/media/scans/{scan}/{picture}", READ),
    ("GET", "/media/scans/{scan}/bins/{picture}", READ),
    ("GET", "/media/bins/{picture}", READ),
    ("GET", "/media/calibration/{picture}", EDIT),
    ("GET", "/media/calibrations/{picture}", READ),
    ("GET", "/media/labels/{picture}", READ),
    ("GET", "/media/references/{picture}", READ),
    ("GET", "/docs", READ),
    ("GET", "/docs/", READ),
    ("GET", "/docs/{*rest}", READ),
    ("GET", "/openapi.json", SCAN_READ),
];

/// The methods that the table knows for a path, as `Allow` lists them.
pub(crate) fn methods(path: &str) -> String {
    let lines = TABLE.iter().filter(|(_, line, _)| *line == path);
    lines.flat_map(|(methods, _, _)| methods.split(' ')).collect::<Vec<_>>().join(", ")
}

/// What somebody needs to be told that there is nothing at a path.
pub(crate) const NOWHERE: Need = READ;

/// The table's word on a method and a path as it was registered, such as `/bins/{id}`.
pub(crate) fn ruling(method: &str, path: &str) -> Ruling {
    let method = if method == "HEAD" { "GET" } else { method };
    // Whatever lies below /pkg is one line; axum names its tail itself.
    let path = if path.starts_with("/pkg/") { "/pkg/{file}" } else { path };
    let mut known = false;
    for (methods, line, need) in TABLE {
        if *line == path {
            if methods.split(' ').any(|one| one == method) {
                return Ruling::Needs(*need);
            }
            known = true;
        }
    }
    if known { Ruling::WrongMethod } else { Ruling::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_contradicts_another() {
        let mut seen = std::collections::HashSet::new();
        for (methods, path, _) in TABLE {
            for method in methods.split(' ') {
                assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method), "{method} {path}");
                assert!(seen.insert((method, path)), "{method} {path} stands twice");
            }
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_refused() {
        assert_eq!(ruling("GET", "/secret"), Ruling::Unknown);
        assert_eq!(ruling("GET", "/bins/03_03"), Ruling::Unknown, "paths are compared as registered");
        assert_eq!(ruling("DELETE", "/api/v1/movements"), Ruling::WrongMethod);
        assert_eq!(ruling("HEAD", "/"), Ruling::Needs(READ));
        assert_eq!(ruling("GET", "/pkg/{*__private__axum_nest_tail_param}"), Ruling::Needs(OPEN));
    }

    #[test]
    fn each_role_may_what_its_permissions_say() {
        let may = |role, method, path| match ruling(method, path) {
            Ruling::Needs(need) => need.admits(role, &[]),
            other => panic!("{method} {path}: {other:?}"),
        };
        let (kiosk, worker, admin) = (Some(Role::Kiosk), Some(Role::Worker), Some(Role::Admin));
        assert!(may(None, "GET", "/healthz") && !may(None, "GET", "/"));
        assert!(may(kiosk, "POST", "/api/v1/movements") && !may(kiosk, "GET", "/api/v1/users"));
        assert!(may(worker, "POST", "/api/v1/scans") && may(worker, "GET", "/api/v1/bins"));
        assert!(!may(worker, "POST", "/api/v1/movements") && !may(worker, "GET", "/api/v1/wines"));
        assert!(!may(Some(Role::Member), "GET", "/people") && may(admin, "GET", "/people"));
    }

    #[test]
    fn nothing_that_writes_is_open_but_coming_and_going() {
        for (methods, path, need) in TABLE {
            if *need == OPEN && *methods != "GET" {
                assert!(["/sign-in", "/setup", "/sign-out", "/api/v1/session"].contains(path), "{methods} {path}");
            }
        }
    }
}
