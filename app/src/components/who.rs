//! Who is here: a small control in the frame. At the kiosk a tap chooses the person, another one signs out.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{
    api::people::{Who, get_who},
    components::icon::icon,
    state::live::Live,
    texts,
};

/// How often the control looks whether the person's time at the kiosk is over.
const LOOK: Duration = Duration::from_secs(30);

/// The control.
pub fn who(live: Live) -> AnyView {
    let tick = RwSignal::new(0_u32);
    Effect::new(move |_| {
        let again = move || {
            tick.try_update(|n| *n = n.wrapping_add(1));
        };
        if let Ok(timer) = set_interval_with_handle(again, LOOK) {
            on_cleanup(move || timer.clear());
        }
    });
    let who = Resource::new(move || (live.revision.get(), tick.get()), |_| get_who());
    view! { <Transition>{move || Suspend::new(async move { control(who.await.ok()) })}</Transition> }.into_any()
}

fn control(who: Option<Who>) -> AnyView {
    match who {
        Some(who) if who.is_person && who.at_kiosk => {
            let label = texts::sign_out_whom(&who.name);
            view! {
                <form class="who" method="post" action="/sign-out">
                    <button type="submit" class="who-here" aria-label=label>{icon("leave")}<span>{who.name}</span></button>
                </form>
            }
            .into_any()
        }
        Some(who) => {
            let name = if who.is_person { who.name } else { texts::who_question().to_owned() };
            view! { <A href="/who">{icon("person")}<span>{name}</span></A> }.into_any()
        }
        None => view! { <A href="/who">{icon("person")}<span>{texts::who_question()}</span></A> }.into_any(),
    }
}

/// What the word `refused` in an address says to a person.
pub fn refusal(word: &str, wait: Option<&str>) -> String {
    match word {
        "wrong" => texts::wrong_secret().to_owned(),
        "slow" => texts::too_many_tries(&seconds(wait)),
        "rights" => texts::needs_more_rights().to_owned(),
        "rule" => texts::not_allowed().to_owned(),
        "stale" => texts::changed_meanwhile().to_owned(),
        "name" => texts::name_refused().to_owned(),
        "current" => texts::not_present_password().to_owned(),
        "password" => texts::password_rule().to_owned(),
        "pin" => texts::pin_rule().to_owned(),
        "role" => texts::no_such_role().to_owned(),
        "scopes" => texts::scopes_refused().to_owned(),
        "days" => texts::days_refused().to_owned(),
        _ => texts::try_again().to_owned(),
    }
}

/// Only a number comes from the address, never a text.
fn seconds(wait: Option<&str>) -> u32 {
    wait.and_then(|wait| wait.parse().ok()).unwrap_or(60)
}

/// A notice, when the address carries the word `refused`.
pub fn refused() -> AnyView {
    let query = leptos_router::hooks::use_query_map();
    view! {
        {move || query.read().get("refused").map(|word| {
            let text = refusal(&word, query.read().get("wait").as_deref());
            view! { <p class="notice" role="alert">{icon("alert")}{text}</p> }
        })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn an_address_cannot_put_words_into_our_mouth() {
        let text = refusal("call 555-1234", Some("<b>"));
        assert!(!text.contains("555"), "{text}");
        assert!(!refusal("slow", Some("<b>")).contains('<'));
    }
}
