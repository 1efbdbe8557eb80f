//! `/device`: the settings of the screen one stands before. A page of the desk; the server keeps them in a cookie of this
//! browser (`server/src/device.rs`).

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{field::choice, icon::icon},
    device::{Device, IDLES, Keyboard, SCALES, Theme},
    texts::{self, Language},
};

/// The page.
pub fn page() -> AnyView {
    let device = Device::of_request();
    let done = use_query_map().read_untracked().get("done").is_some();
    let said = done.then(|| view! { <p class="quiet" role="status">{icon("check")}{texts::kept_on_screen()}</p> });
    let scales = SCALES.iter().map(|n| (n.to_string(), format!("{n} %"))).collect();
    let themes = Theme::ALL.into_iter().map(|t| (t.as_str().to_owned(), theme_words(t).to_owned())).collect();
    let keyboards = Keyboard::ALL.into_iter().map(|k| (k.as_str().to_owned(), keyboard_words(k).to_owned())).collect();
    let auto = ("auto".to_owned(), texts::idle_auto().to_owned());
    let idles = [auto].into_iter().chain(IDLES.iter().map(|n| (n.to_string(), idle_words(*n)))).collect();
    let idle = device.idle.map_or("auto".to_owned(), |n| n.to_string());
    view! {
        <Title text=texts::this_screen()/>
        <header class="head">
            <h1>{texts::this_screen()}</h1>
            <a class="button" href="/calibrate">{icon("pen")}{texts::calibrate()}</a>
        </header>
        {said}
        <form class="sheet" method="post" action="/device">
            {choice("scale", texts::size_of_everything(), &device.scale.to_string(), scales)}
            {choice("theme", texts::colours(), device.theme.as_str(), themes)}
            {choice("keyboard", texts::keyboard(), device.keyboard.as_str(), keyboards)}
            {choice("idle", texts::dims(), &idle, idles)}
            <button class="button button-main" type="submit">{texts::save()}</button>
        </form>
        {languages()}
        <p class="quiet">{texts::each_its_own()}</p>
    }
    .into_any()
}

/// What this screen speaks from now on.
fn languages() -> AnyView {
    let buttons = Language::ALL.map(|language| {
        let chosen = (language == texts::language()).then_some("true");
        view! {
            <button class="button" type="submit" name="language" value=language.tag() lang=language.tag() aria-pressed=chosen>
                {language.own_name()}
            </button>
        }
    });
    view! {
        <h2>{texts::language_word()}</h2>
        <form class="buttons" method="post" action="/language">
            <input type="hidden" name="next" value="/device"/>
            {buttons}
        </form>
    }
    .into_any()
}

fn theme_words(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => texts::theme_auto(),
        Theme::Dark => texts::theme_dark(),
        Theme::Light => texts::theme_light(),
    }
}

fn keyboard_words(keyboard: Keyboard) -> &'static str {
    match keyboard {
        Keyboard::Auto => texts::keyboard_auto(),
        Keyboard::On => texts::keyboard_on(),
        Keyboard::Off => texts::never(),
    }
}

fn idle_words(minutes: u16) -> String {
    match minutes {
        0 => texts::never().to_owned(),
        n => texts::idle_after(n.into()),
    }
}
