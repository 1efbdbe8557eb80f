//! `winecellar routes`: every route that is registered, with who may use it by the table.

use app::App;
use leptos_axum::generate_route_list;
use models::user::Role;
use serde::Serialize;

use crate::{
    access::table::{self, Ruling},
    openapi, out,
};

/// Routes that neither the API's document, nor the server functions, nor the pages name. Forms and files of the server.
const OTHERS: &[(&str, &str)] = &[
    ("POST", "/sign-in"),
    ("POST", "/setup"),
    ("POST", "/sign-out"),
    ("POST", "/who"),
    ("POST", "/people/add"),
    ("POST", "/people/change"),
    ("POST", "/people/password"),
    ("POST", "/people/pin"),
    ("POST", "/people/sign-out"),
    ("POST", "/people/tokens"),
    ("POST", "/people/tokens/revoke"),
    ("POST", "/trouble"),
    ("POST", "/device"),
    ("GET", "/events"),
    ("GET", "/media/scans/{scan}/{picture}"),
    ("GET", "/media/scans/{scan}/bins/{picture}"),
    ("GET", "/media/bins/{picture}"),
    ("GET", "/docs"),
    ("GET", "/docs/"),
    ("GET", "/docs/{*rest}"),
    ("GET", "/openapi.json"),
    ("GET", "/pkg/{file}"),
];

/// One route.
#[derive(Debug, Serialize)]
struct Route {
    method: String,
    path: String,
    /// Whether the table has a line for it; without one nobody may.
    in_table: bool,
    /// Of `nobody`, `kiosk`, `member`, `admin`, `worker` those who may.
    who: Vec<&'static str>,
}

/// Prints the routes.
pub(super) fn run(json: bool) -> anyhow::Result<()> {
    let routes = routes()?;
    if json {
        return out::line(serde_json::to_string_pretty(&routes)?);
    }
    for route in routes {
        let who = if route.in_table { route.who.join(" ") } else { "nobody at all: not in the table".to_owned() };
        out::line(format_args!("{:6} {:45} {who}", route.method, route.path))?;
    }
    Ok(())
}

fn routes() -> anyhow::Result<Vec<Route>> {
    let mut found: Vec<(String, String)> = Vec::new();
    // The document as JSON, for its methods are fields and not a list.
    let document = serde_json::to_value(openapi::document())?;
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        found
            .extend(methods.as_object().into_iter().flatten().map(|(method, _)| (method.to_uppercase(), path.clone())));
    }
    found.extend(server_fn::axum::server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())));
    // Leptos builds its list of pages inside a runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _within = runtime.enter();
    found.extend(generate_route_list(App).iter().map(|page| ("GET".to_owned(), page.path().to_owned())));
    found.extend(OTHERS.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())));
    found.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    found.dedup();
    Ok(found.into_iter().map(|(method, path)| route(method, path)).collect())
}

fn route(method: String, path: String) -> Route {
    let need = match table::ruling(&method, &path) {
        Ruling::Needs(need) => Some(need),
        Ruling::WrongMethod | Ruling::Unknown => None,
    };
    let roles = [("nobody", None)].into_iter().chain(Role::ALL.iter().map(|role| (role.as_str(), Some(*role))));
    let who =
        roles.filter(|(_, role)| need.is_some_and(|need| need.admits(*role, &[]))).map(|(name, _)| name).collect();
    Route { method, path, in_table: need.is_some(), who }
}
