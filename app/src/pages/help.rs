//! `/help`: how the cellar works, in the words that the screens use. A page of the desk.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::texts;

/// The page.
pub fn page() -> AnyView {
    view! {
        <Title text=texts::help()/>
        <h1>{texts::how_it_works()}</h1>
        <div class="prose">
            {section(texts::help_take(), &[texts::help_take_1(), texts::help_take_2(), texts::help_take_3()])}
            {section(texts::help_put(), &[texts::help_put_1()])}
            {section(texts::help_camera(), &[texts::help_camera_1(), texts::help_camera_2(), texts::help_camera_3()])}
            {section(texts::help_words(), &[texts::help_words_1()])}
            <p><a class="button" rel="external" href="/health">{texts::health_of_box()}</a></p>
        </div>
    }
    .into_any()
}

fn section(title: &'static str, said: &[&'static str]) -> AnyView {
    let said: Vec<_> = said.iter().map(|text| view! { <p>{*text}</p> }).collect();
    view! { <section><h2>{title}</h2>{said}</section> }.into_any()
}
