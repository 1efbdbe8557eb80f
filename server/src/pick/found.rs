//! Whoever opens the rack's page to find a wine sees its bins lit.

use axum::{
    extract::{Request, State},
    http::Uri,
    middleware::Next,
    response::Response,
};
use models::ids::BinId;

use super::Lights;

/// More bins than these are no hint.
const MOST: usize = 24;

/// Lights the bins that the rack's page is asked to show.
pub(crate) async fn on_find(State(lights): State<Lights>, request: Request, next: Next) -> Response {
    let bins = wanted(request.uri());
    if !bins.is_empty() {
        lights.show(bins);
    }
    next.run(request).await
}

/// The bins of `/rack?find=03_03+04_01`.
fn wanted(uri: &Uri) -> Vec<BinId> {
    if uri.path() != "/rack" {
        return Vec::new();
    }
    let pairs = uri.query().unwrap_or_default().split('&');
    let found = pairs.filter_map(|pair| pair.strip_prefix("find=")).next().unwrap_or_default();
    // Names of bins need no escapes; what parts them does.
    let names = found.replace("%20", " ").replace('+', " ");
    names.split_whitespace().map(BinId::from).filter(BinId::is_valid).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bins_are_read_from_the_address() {
        let of = |uri: &str| wanted(&uri.parse().expect("an address")).into_iter().map(|bin| bin.0).collect::<Vec<_>>();
        assert_eq!(of("/rack?view=photo&find=03_03%2004_01"), ["03_03", "04_01"]);
        assert_eq!(of("/rack?find=A-1+B"), ["A-1", "B"]);
        assert!(of("/rack").is_empty() && of("/bins?find=A").is_empty() && of("/rack?find=%2e%2e%2f").is_empty());
    }
}
