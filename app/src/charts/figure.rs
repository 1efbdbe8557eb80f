//! A plot on the page: heading, picture, and the table behind it.

use leptos::prelude::*;

use crate::texts;

/// The numbers behind a plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

/// A plot with its heading and, folded away, its table.
pub fn figure(title: &'static str, said: String, svg: String, figures: Figures) -> AnyView {
    let head: Vec<_> = figures.head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next().map(|name| view! { <th scope="row">{name}</th> });
        let cells: Vec<_> = cells.map(|cell| view! { <td>{cell}</td> }).collect();
        view! { <tr>{name}{cells}</tr> }
    };
    let rows: Vec<_> = figures.rows.into_iter().map(row).collect();
    view! {
        <section class="figure">
            <h2>{title}</h2>
            <p class="quiet">{said}</p>
            <div class="plot" inner_html=svg></div>
            <details class="fold">
                <summary>{texts::the_figures()}</summary>
                <table class="table table-numbers">
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}
