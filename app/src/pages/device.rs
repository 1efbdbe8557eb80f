//! `/device`: the settings of the screen one stands before. A page of the desk; the server keeps them in a cookie of this
//! browser (`server/src/device.rs`).

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{field::choice, icon::icon},
    device::{Device, IDLES, Keyboard, SCALES, Theme},
};

/// The page.
pub fn page() -> AnyView {
    let device = Device::of_request();
    let done = use_query_map().read_untracked().get("done").is_some();
    let said = done.then(|| view! { <p class="quiet" role="status">{icon("check")}"Kept on this screen."</p> });
    let scales = SCALES.iter().map(|n| (n.to_string(), format!("{n} %"))).collect();
    let themes = Theme::ALL.into_iter().map(|t| (t.as_str().to_owned(), theme_words(t).to_owned())).collect();
    let keyboards = Keyboard::ALL.into_iter().map(|k| (k.as_str().to_owned(), keyboard_words(k).to_owned())).collect();
    let auto = ("auto".to_owned(), "by itself: after 5 minutes on the kiosk".to_owned());
    let idles = [auto].into_iter().chain(IDLES.iter().map(|n| (n.to_string(), idle_words(*n)))).collect();
    let idle = device.idle.map_or("auto".to_owned(), |n| n.to_string());
    view! {
        <Title text="This screen"/>
        <header class="head"><h1>"This screen"</h1></header>
        {said}
        <form class="sheet" method="post" action="/device">
            {choice("scale", "Size of everything", &device.scale.to_string(), scales)}
            {choice("theme", "Colours", device.theme.as_str(), themes)}
            {choice("keyboard", "On-screen keyboard", device.keyboard.as_str(), keyboards)}
            {choice("idle", "Dims when nobody touches it", &idle, idles)}
            <button class="button button-main" type="submit">"Save"</button>
        </form>
        <p class="quiet">"Each screen and each browser has its own."</p>
    }
    .into_any()
}

fn theme_words(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "as the system has it",
        Theme::Dark => "dark",
        Theme::Light => "light",
    }
}

fn keyboard_words(keyboard: Keyboard) -> &'static str {
    match keyboard {
        Keyboard::Auto => "by itself: on the kiosk",
        Keyboard::On => "when a finger touches a field",
        Keyboard::Off => "never",
    }
}

fn idle_words(minutes: u16) -> String {
    match minutes {
        0 => "never".to_owned(),
        1 => "after 1 minute".to_owned(),
        n => format!("after {n} minutes"),
    }
}
