//! The words of the trade for what the domain names.

use models::{
    bottle::Preservation,
    user::Role,
    wine::{Colour, Effervescence, Style, Sweetness},
};

use crate::texts;

/// A colour by its name in the domain; any other word as it is.
pub fn colour_word(word: &str) -> &str {
    match word {
        "red" => texts::red(),
        "white" => texts::white(),
        "rose" => texts::rose(),
        "orange" => texts::orange(),
        other => other,
    }
}

/// How it is made.
pub fn style_word(style: Style) -> &'static str {
    match style {
        Style::Still => texts::still(),
        Style::Sparkling => texts::sparkling(),
        Style::Fortified => texts::fortified(),
        Style::Sweet => texts::sweet(),
    }
}

/// `sparkling rosé`; that a wine is still is not said.
pub fn colour_words(colour: Colour, style: Style) -> String {
    let colour = colour_word(colour.as_str());
    if style == Style::Still { colour.to_owned() } else { texts::style_colour(&style_word(style), &colour) }
}

/// How sweet.
pub fn sweetness_word(sweetness: Sweetness) -> &'static str {
    match sweetness {
        Sweetness::Dry => texts::dry(),
        Sweetness::OffDry => texts::off_dry(),
        Sweetness::Medium => texts::medium(),
        Sweetness::Sweet => texts::sweet(),
        Sweetness::Luscious => texts::luscious(),
    }
}

/// How much it bubbles.
pub fn effervescence_word(effervescence: Effervescence) -> &'static str {
    match effervescence {
        Effervescence::Still => texts::still(),
        Effervescence::SemiSparkling => texts::semi_sparkling(),
        Effervescence::Sparkling => texts::sparkling(),
    }
}

/// What keeps an open bottle.
pub fn preservation_word(preservation: Preservation) -> &'static str {
    match preservation {
        Preservation::None => texts::kept_none(),
        Preservation::Stopper => texts::kept_stopper(),
        Preservation::Vacuum => texts::kept_vacuum(),
        Preservation::Gas => texts::kept_gas(),
        Preservation::Needle => texts::kept_needle(),
    }
}

/// What somebody is in this cellar.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Kiosk => texts::role_kiosk(),
        Role::Member => texts::role_member(),
        Role::Admin => texts::role_admin(),
        Role::Worker => texts::role_worker(),
    }
}
