//! `/help`: how the cellar works, in the words that the screens use. A page of the desk.

use leptos::prelude::*;
use leptos_meta::Title;

/// A heading and what is said below it.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "Taking a bottle",
        &[
            "Touch its bin on the Rack page, then Drunk or Gift. That is all: the book knows.",
            "Forgot it? The camera looks at the rack every night. What differs waits under Review the next day; one touch \
             tells what happened.",
            "Touched the wrong thing? Undo stands in the message below, and later under History. An undo can be undone.",
        ],
    ),
    (
        "Putting bottles in",
        &[
            "New bottles wait under Bottles until they lie in a bin. Choose the bin there and touch Put, or lay them into \
             the rack and answer what the camera asks.",
        ],
    ),
    (
        "What the camera may do",
        &[
            "It counts bottle ends, nothing more. It never changes the book: every difference becomes a question, and a \
             person answers it.",
            "When it cannot see (dark, covered, blurred) it says so and claims nothing.",
            "\u{201c}Wrong\u{201d} tells it that the book is right. The same difference is not asked again until a bottle \
             of that bin moves.",
        ],
    ),
    (
        "Words",
        &["Bin: a cell of the rack, named by row and column, such as 03_04. Movement: a bottle that comes, goes or \
             changes its bin. Window: the years between which a wine is good to drink; yours wins over all others, and \
             where nobody knows, a rule of thumb by grape and region says that it is one."],
    ),
];

/// The page.
pub fn page() -> AnyView {
    let sections: Vec<_> = SECTIONS
        .iter()
        .map(|(title, texts)| {
            let texts: Vec<_> = texts.iter().map(|text| view! { <p>{*text}</p> }).collect();
            view! { <section><h2>{*title}</h2>{texts}</section> }
        })
        .collect();
    view! { <Title text="Help"/><h1>"How it works"</h1><div class="prose">{sections}<p>"How the box itself is: "<a rel="external" href="/health">"Health"</a>"."</p></div> }.into_any()
}
