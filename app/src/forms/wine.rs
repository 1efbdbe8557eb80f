//! What the label says.

use leptos_router::params::ParamsMap;
use models::{
    error::RuleError,
    wine::{Grape, WineFacts},
};
use serde::{Deserialize, Serialize};

use super::{decimal, decimal_words, typed};

/// The fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WineForm {
    /// Who made it.
    pub producer: String,
    /// Name.
    pub name: String,
    /// Country.
    pub country: String,
    /// Region.
    pub region: String,
    /// Part of the region.
    pub subregion: String,
    /// Appellation.
    pub appellation: String,
    /// Designation.
    pub designation: String,
    /// Vineyard.
    pub vineyard: String,
    /// Classification.
    pub classification: String,
    /// A word of [`models::wine::Colour`].
    pub colour: String,
    /// A word of [`models::wine::Style`].
    pub style: String,
    /// A word of [`models::wine::Sweetness`], or nothing.
    pub sweetness: String,
    /// A word of [`models::wine::Effervescence`], or nothing.
    pub effervescence: String,
    /// `Merlot 60, Cabernet Franc 40`.
    pub grapes: String,
    /// `13.5`.
    pub abv: String,
    /// `everyday, gift from Anna`.
    pub tags: String,
}

impl WineForm {
    /// As it is stored.
    pub fn of(facts: &WineFacts) -> Self {
        let grape = |grape: &Grape| match grape.percent {
            Some(percent) => format!("{} {percent}", grape.name),
            None => grape.name.clone(),
        };
        Self {
            producer: facts.producer.clone(),
            name: facts.name.clone(),
            country: facts.country.clone(),
            region: facts.region.clone(),
            subregion: facts.subregion.clone(),
            appellation: facts.appellation.clone(),
            designation: facts.designation.clone(),
            vineyard: facts.vineyard.clone(),
            classification: facts.classification.clone(),
            colour: facts.colour.as_str().to_owned(),
            style: facts.style.as_str().to_owned(),
            sweetness: facts.sweetness.map(|word| word.as_str().to_owned()).unwrap_or_default(),
            effervescence: facts.effervescence.map(|word| word.as_str().to_owned()).unwrap_or_default(),
            grapes: facts.grapes.iter().map(grape).collect::<Vec<_>>().join(", "),
            abv: facts.abv_tenths.map(|abv| decimal_words(abv.into(), 1)).unwrap_or_default(),
            tags: facts.tags.join(", "),
        }
    }

    /// What was typed.
    pub fn facts(&self) -> Result<WineFacts, RuleError> {
        let optional = |word: &str| Some(word.trim().to_owned()).filter(|word| !word.is_empty());
        let abv = decimal("abv", &self.abv, 1)?;
        Ok(WineFacts {
            producer: self.producer.clone(),
            name: self.name.clone(),
            country: self.country.clone(),
            region: self.region.clone(),
            subregion: self.subregion.clone(),
            appellation: self.appellation.clone(),
            designation: self.designation.clone(),
            vineyard: self.vineyard.clone(),
            classification: self.classification.clone(),
            colour: self.colour.parse()?,
            style: optional(&self.style).map_or(Ok(models::wine::Style::Still), |word| word.parse())?,
            sweetness: optional(&self.sweetness).map(|word| word.parse()).transpose()?,
            effervescence: optional(&self.effervescence).map(|word| word.parse()).transpose()?,
            grapes: list(&self.grapes).map(grape).collect(),
            abv_tenths: abv.map(|abv| i32::try_from(abv).unwrap_or(i32::MAX)),
            tags: list(&self.tags).map(str::to_owned).collect(),
        })
    }

    /// Every field with its name.
    pub fn fields(&self) -> [(&'static str, &str); 16] {
        [
            ("producer", &self.producer),
            ("name", &self.name),
            ("country", &self.country),
            ("region", &self.region),
            ("subregion", &self.subregion),
            ("appellation", &self.appellation),
            ("designation", &self.designation),
            ("vineyard", &self.vineyard),
            ("classification", &self.classification),
            ("colour", &self.colour),
            ("style", &self.style),
            ("sweetness", &self.sweetness),
            ("effervescence", &self.effervescence),
            ("grapes", &self.grapes),
            ("abv", &self.abv),
            ("tags", &self.tags),
        ]
    }

    /// With what was typed before a refusal.
    pub fn typed(self, query: &ParamsMap) -> Self {
        let field = |name: &str, stored: String| typed(query, name, stored);
        Self {
            producer: field("producer", self.producer),
            name: field("name", self.name),
            country: field("country", self.country),
            region: field("region", self.region),
            subregion: field("subregion", self.subregion),
            appellation: field("appellation", self.appellation),
            designation: field("designation", self.designation),
            vineyard: field("vineyard", self.vineyard),
            classification: field("classification", self.classification),
            colour: field("colour", self.colour),
            style: field("style", self.style),
            sweetness: field("sweetness", self.sweetness),
            effervescence: field("effervescence", self.effervescence),
            grapes: field("grapes", self.grapes),
            abv: field("abv", self.abv),
            tags: field("tags", self.tags),
        }
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty())
}

/// `Merlot 60` or `Merlot 60 %` or `Merlot`.
fn grape(text: &str) -> Grape {
    let bare = text.trim_end_matches('%').trim_end();
    match bare.rsplit_once(' ').map(|(name, share)| (name, share.parse())) {
        Some((name, Ok(percent))) => Grape { name: name.trim_end().to_owned(), percent: Some(percent) },
        _ => Grape { name: text.to_owned(), percent: None },
    }
}

#[cfg(test)]
mod tests {
    use models::wine::Colour;

    use super::*;

    #[test]
    fn a_wine_survives_its_form() {
        let facts = WineFacts {
            grapes: vec![
                Grape { name: "Cabernet Franc".into(), percent: Some(60) },
                Grape { name: "Merlot".into(), percent: None },
            ],
            abv_tenths: Some(135),
            tags: vec!["everyday".into(), "from Anna".into()],
            region: "Loire".into(),
            sweetness: Some(models::wine::Sweetness::OffDry),
            effervescence: Some(models::wine::Effervescence::SemiSparkling),
            ..WineFacts::named("P", "N", Colour::Rose)
        };
        assert_eq!(WineForm::of(&facts).facts(), Ok(facts));
    }

    #[test]
    fn what_was_typed_wrongly_is_refused_with_its_field() {
        let form = WineForm { colour: "red".into(), abv: "strong".into(), ..WineForm::default() };
        assert!(form.facts().is_err_and(|error| error.to_string().starts_with("abv: ")));
        assert!(WineForm::default().facts().is_err(), "a colour is needed");
    }

    #[test]
    fn shares_of_grapes_are_read_with_and_without_a_sign() {
        assert_eq!(grape("Merlot 60 %"), Grape { name: "Merlot".into(), percent: Some(60) });
        assert_eq!(grape("Merlot 60%"), Grape { name: "Merlot".into(), percent: Some(60) });
        assert_eq!(grape("Pinot Noir"), Grape { name: "Pinot Noir".into(), percent: None });
    }
}
