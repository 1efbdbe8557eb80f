//! Where the browser half lies, and how it is sent.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    http::{HeaderValue, header},
};
use leptos::prelude::LeptosOptions;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::config;

/// What lies beside /pkg: the files of `style/assets`.
const ASSETS: &[&str] = &[
    "favicon.svg",
    "icons.svg",
    "manifest.webmanifest",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-192.png",
    "icon-maskable-512.png",
    "apple-touch-icon.png",
];

/// The site's folder: as named, else `site` beside the program, else the package's.
pub(crate) fn find(named: Option<&Path>) -> Option<PathBuf> {
    let candidates = config::shipped(named, "site");
    candidates.into_iter().filter(|folder| folder.join("pkg").is_dir()).find_map(|folder| folder.canonicalize().ok())
}

/// Leptos' settings for that folder. Without one the pages are served as plain HTML.
pub(crate) fn options(site: Option<&Path>, addr: std::net::SocketAddr) -> LeptosOptions {
    let root = site.map_or_else(|| ".".to_owned(), |folder| folder.display().to_string());
    LeptosOptions::builder()
        .output_name("winecellar")
        .site_root(root.clone())
        .site_pkg_dir("pkg")
        .site_addr(addr)
        .env(leptos::config::Env::PROD)
        // `cargo leptos watch` leaves the names plain.
        .hash_files(site.is_some_and(|folder| folder.join("hash.txt").exists()))
        // Leptos joins this to the program's folder; an absolute path replaces that.
        .hash_file(format!("{root}/hash.txt").into())
        .build()
}

/// The files. What lies below /pkg carries a hash of its content in its name and may be kept for ever.
pub(crate) fn files<S: Clone + Send + Sync + 'static>(site: &Path) -> Router<S> {
    let dir = |path: PathBuf| ServeDir::new(path).precompressed_br().precompressed_gzip();
    let cache = |value| SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(value));
    let mut router = Router::new().nest_service(
        "/pkg",
        tower::ServiceBuilder::new()
            .layer(cache(if site.join("hash.txt").exists() {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            }))
            .service(dir(site.join("pkg"))),
    );
    for asset in ASSETS {
        if site.join(asset).exists() {
            let file = tower_http::services::ServeFile::new(site.join(asset));
            router = router.route_service(
                &format!("/{asset}"),
                tower::ServiceBuilder::new().layer(cache("public, max-age=3600")).service(file),
            );
        }
    }
    router
}
