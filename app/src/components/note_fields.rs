//! The fields of a tasting note.

use leptos::prelude::*;

use super::field::{choice, day, lines, number};
use crate::{forms::note::NoteForm, texts};

/// Day, points and words of a tasting.
pub fn note_fields(form: NoteForm) -> AnyView {
    let scales = ["5", "20", "100"].map(|scale| (scale.to_owned(), texts::scale_of(&scale))).to_vec();
    view! {
        <div class="fields">
            {day("form[tasted_on]", texts::tasted_on(), form.tasted_on)}
            {number("form[points]", texts::points(), form.points, "")}
            {choice("form[scale]", texts::scale(), &form.scale, scales)}
            {lines("form[body]", texts::note(), form.body)}
        </div>
    }
    .into_any()
}
