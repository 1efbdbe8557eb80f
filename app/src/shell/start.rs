//! How a page comes alive. Its app is asked for once the page has been painted: what is seen first waits for nothing.

use std::sync::OnceLock;

use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};

const START: &str = include_str!("start.js");

/// The script that loads the app. A module: it runs when the document is there, after the scripts that are deferred.
pub(super) fn script(options: &LeptosOptions) -> AnyView {
    // A running server has one app.
    static FILES: OnceLock<(String, String)> = OnceLock::new();
    let (script, wasm) = FILES.get_or_init(|| files(options));
    view! { <script type="module" nonce=use_nonce()>{format!("{START}({script:?}, {wasm:?});")}</script> }.into_any()
}

/// Where the app's script and its wasm are, by the names that `scripts/site.mjs` has given them.
fn files(options: &LeptosOptions) -> (String, String) {
    let place = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    if !options.hash_files {
        return (format!("{place}.js"), format!("{place}_bg.wasm"));
    }
    let hashes = std::fs::read_to_string(options.hash_file.as_ref()).unwrap_or_default();
    let named = |kind: &str| {
        let hash = hashes.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(": "));
        format!("{place}.{}.{kind}", hash.unwrap_or_default())
    };
    (named("js"), named("wasm"))
}
