//! Pages of a list: `limit` and a cursor, which is the id of the last item seen.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Items with the cursor of the next page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// This page.
    pub(crate) items: Vec<T>,
    /// Give this as `cursor` for the next page; none when this was the last.
    pub(crate) next: Option<String>,
}

/// Checks `limit`: 1 to 200, 50 when absent.
pub(crate) fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    match asked.unwrap_or(50) {
        n @ 1..=200 => Ok(n),
        n => Err(Problem::field("limit", format!("{n} is not 1 to 200"))),
    }
}

impl<T> Page<T> {
    /// Cuts a list that was asked for with one item more than `limit`, which tells whether there is a next page.
    pub(crate) fn cut(mut items: Vec<T>, limit: i64, id: impl Fn(&T) -> &str) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(|item| id(item).to_owned()) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_cursor() {
        let full = Page::cut(vec!["a", "b", "c"], 2, |id| id);
        assert_eq!((full.items.len(), full.next.as_deref()), (2, Some("b")));
        assert_eq!(Page::cut(vec!["a"], 2, |id| id).next, None);
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err() && limit(None).is_ok());
    }
}
