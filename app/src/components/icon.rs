//! Icons and bottle glyphs from the sprite `style/assets/icons.svg`.

use leptos::prelude::*;
use models::wine::{Colour, Style};

use crate::format;

/// An ornament: the text beside it says what it means.
pub fn icon(name: &str) -> AnyView {
    let href = format!("/icons.svg#{name}");
    view! { <svg class="icon" aria-hidden="true" focusable="false"><use href=href></use></svg> }.into_any()
}

/// A bottle: its shape tells the style, its letter and hue the colour.
pub fn glyph(colour: Colour, style: Style) -> AnyView {
    let href = format!("/icons.svg#bottle-{}", style.as_str());
    let class = format!("glyph glyph-{}", colour.as_str());
    view! {
        <span class=class role="img" aria-label=format::colour_words(colour, style)>
            <svg aria-hidden="true" focusable="false"><use href=href></use></svg>
            <b aria-hidden="true">{format::colour_letter(colour)}</b>
        </span>
    }
    .into_any()
}
