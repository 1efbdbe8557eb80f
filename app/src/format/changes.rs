//! What an edit did, told in the history.

use models::change::{Change, Entity};
use serde_json::Value;

use crate::texts;

/// `wine changed name, region`.
pub fn change_words(change: &Change) -> String {
    let told = |name: &str| change.after.as_ref().map_or(Value::Null, |after| after[name].clone());
    let words = match change.entity {
        Entity::Proposal if told("state") == "rejected" => return texts::the_camera_was_wrong().to_owned(),
        Entity::Proposal if told("state") == "parted" => return texts::asked_apart().to_owned(),
        Entity::Proposal => return texts::question_open_again().to_owned(),
        Entity::Import if change.after.is_none() => return texts::import_taken_back().to_owned(),
        Entity::Import => return imported(told),
        Entity::Bottle if !told("vintage_id").is_null() => texts::it_is_this_wine().to_owned(),
        entity => texts::thing_done(&thing(entity), &done(change)),
    };
    if change.reverses.is_some() { texts::also_put_right(&words) } else { words }
}

fn imported(told: impl Fn(&str) -> Value) -> String {
    let count = |name: &str| told(name).as_i64().filter(|n| *n > 0);
    let parts = [
        count("bottles_new").map(texts::bottles),
        count("wines_new").map(texts::new_wines),
        count("notes_new").map(texts::notes_counted),
    ];
    texts::imported_what(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn done(change: &Change) -> String {
    match (&change.before, &change.after) {
        (None, Some(_)) => texts::entered().to_owned(),
        (Some(_), None) => texts::removed().to_owned(),
        _ => match change.fields().iter().map(|field| field_words(field)).collect::<Vec<_>>().join(", ") {
            fields if fields.is_empty() => texts::changed().to_owned(),
            fields => texts::changed_fields(&fields),
        },
    }
}

fn thing(entity: Entity) -> &'static str {
    match entity {
        Entity::Wine => texts::wine_word(),
        Entity::Vintage => texts::vintage_small(),
        Entity::Bottle => texts::bottle_word(),
        Entity::Note => texts::tasting_note(),
        Entity::Wish => texts::wish_word(),
        Entity::Rack => texts::rack_word(),
        Entity::Bin => texts::bin_small(),
        Entity::User => texts::person_word(),
        Entity::Token => texts::token_word(),
        Entity::Import => texts::import_word(),
        Entity::Proposal => texts::proposal_word(),
    }
}

/// A field as people call it: as the label of its form does, or in words of its own.
fn field_words(field: &str) -> String {
    let label = match field {
        "producer" => texts::producer(),
        "name" => texts::name(),
        "colour" => texts::colour(),
        "style" => texts::style(),
        "country" => texts::country(),
        "region" => texts::region(),
        "subregion" => texts::subregion(),
        "appellation" => texts::appellation(),
        "designation" => texts::designation(),
        "vineyard" => texts::vineyard(),
        "classification" => texts::classification(),
        "sweetness" => texts::sweetness(),
        "effervescence" => texts::effervescence(),
        "grapes" => texts::grapes(),
        "tags" => texts::tags(),
        "year" => texts::vintage_word(),
        "drink_from" => texts::drink_from(),
        "drink_to" => texts::drink_until(),
        "peak_from" => texts::best_from(),
        "peak_to" => texts::best_until(),
        "price_minor" => texts::price(),
        "currency" => texts::currency(),
        "shop" => texts::bought_at(),
        "provenance" => texts::provenance(),
        "note" => texts::note(),
        "notes" => texts::notes_on_bottle(),
        "volume_ml" => texts::size(),
        "abv_tenths" => texts::alcohol(),
        "rating" => texts::rating(),
        "role" => texts::role(),
        "preservation" => texts::kept_by(),
        "glasses_left" => texts::glasses_left(),
        "valuation_minor" => texts::value(),
        "valuation_currency" => texts::currency_of_value(),
        "purchased_on" => texts::day_of_purchase(),
        "opened_at" => texts::when_opened(),
        "tasted_on" => texts::day(),
        "body" => texts::words_of_note(),
        other => return other.replace('_', " "),
    };
    texts::language().inside(label)
}
