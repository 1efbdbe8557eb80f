//! Small plots as SVG: pure functions from numbers to markup, so that the server can draw them and a test can read them.
//!
//! Every plot is told twice: as a picture with a title and a description, and as the table behind it. Nothing in a plot
//! is told by hue alone: lines and bars are labelled, parts of a bar have patterns.

pub mod axis;
pub mod bars;
pub mod line;
pub mod markup;
pub mod months;
pub mod stacked;
pub mod window;

use leptos::prelude::*;

/// Width of a plot in its own units. On the kiosk one unit is a little more than a pixel.
pub const WIDTH: f64 = 560.0;
/// Height of the letters; with [`WIDTH`] it makes at least 18 px on the kiosk.
pub const TEXT: f64 = 16.5;

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
                <summary>"The figures"</summary>
                <table class="table table-numbers">
                    <thead><tr>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
    .into_any()
}
