//! Every text of the app, each a function named after it, in the language of the request (on the server) or of the page
//! (in the browser). `app/texts/*.txt` are the tables, one for each language; `build.rs` makes the functions of them.

#[cfg(feature = "ssr")]
mod elsewhere;
#[cfg(not(feature = "ssr"))]
mod in_browser;
mod language;
#[cfg(feature = "ssr")]
mod on_server;

use std::fmt::Display;

#[cfg(feature = "ssr")]
pub use elsewhere::in_our_words;
#[cfg(not(feature = "ssr"))]
use in_browser::text;
#[cfg(not(feature = "ssr"))]
pub use in_browser::{language, loaded};
pub use language::Language;
#[cfg(feature = "ssr")]
use on_server::text;
#[cfg(feature = "ssr")]
pub use on_server::{fingerprint, language, saying, script, within};

use crate::format::grouped;

// What a page of the desk says is not in the browser's half; everything is in the server's.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
#[cfg_attr(feature = "ssr", deny(dead_code))]
mod table {
    use super::{Display, fill, form, grouped, text};
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
pub(crate) use table::*;

/// Puts the parts into their places, `{0}` the first.
fn fill(text: &str, parts: &[&dyn Display]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some(part) = place.parse::<usize>().ok().and_then(|place| parts.get(place)) {
            out.push_str(&part.to_string());
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The form for a number; a language with one form for all has only that.
fn form(text: &str, n: i64) -> &str {
    match text.split_once('|') {
        Some((one, many)) => {
            if language().one(n) {
                one
            } else {
                many
            }
        }
        None => text,
    }
}
