//! Wines and their vintages.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{VintageId, WineId},
    window::{DrinkState, Window},
};

/// Declares an enum that is stored and sent as a short lower-case word.
#[macro_export]
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        // Written out: the derive does not see words that come from a macro.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),*]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl std::str::FromStr for $name {
            type Err = $crate::error::RuleError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    other => Err($crate::error::RuleError::field(
                        stringify!($name),
                        format!("`{other}` is not one of: {}", [$($word),*].join(", ")),
                    )),
                }
            }
        }
    };
}

word_enum! {
    /// Colour of a wine.
    Colour { Red = "red", White = "white", Rose = "rose", Orange = "orange" }
}

word_enum! {
    /// How the wine is made.
    Style { Still = "still", Sparkling = "sparkling", Fortified = "fortified", Sweet = "sweet" }
}

word_enum! {
    /// Residual sugar, from dry to lusciously sweet.
    Sweetness { Dry = "dry", OffDry = "off_dry", Medium = "medium", Sweet = "sweet", Luscious = "luscious" }
}

word_enum! {
    /// Pressure of carbon dioxide: none, below 2.5 bar (frizzante, pétillant), above.
    Effervescence { Still = "still", SemiSparkling = "semi_sparkling", Sparkling = "sparkling" }
}

/// A grape of the blend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Grape {
    /// Name, such as `Cabernet Franc`, 1 to 60 characters.
    pub name: String,
    /// Share of the blend in per cent, 1 to 100; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100))]
    pub percent: Option<i32>,
}

/// A wine without its year: what the label says in every vintage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wine {
    /// Identifier.
    pub id: WineId,
    /// What a person has entered.
    #[serde(flatten)]
    pub facts: WineFacts,
    /// Whether it was taken out of the lists.
    pub archived: bool,
    /// Counts up with each change; a write names the revision it saw.
    pub revision: i32,
    /// When it was entered (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
}

/// What a person enters of a wine. What is left out is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WineFacts {
    /// Who made it, such as `Domaine Tempier`, 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Domaine Tempier"))]
    pub producer: String,
    /// Name on the label without the producer, such as `Bandol Rouge`, 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Bandol Rouge"))]
    pub name: String,
    /// Country, in English, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "France"))]
    pub country: String,
    /// Region, such as `Provence`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "Provence"))]
    pub region: String,
    /// Part of the region, such as `Haut-Médoc`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub subregion: String,
    /// Appellation, such as `Bandol AOC`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "Bandol"))]
    pub appellation: String,
    /// Designation, such as `Réserve` or `Cuvée Spéciale`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub designation: String,
    /// Vineyard, such as `Clos Saint-Jacques`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub vineyard: String,
    /// Classification, such as `Grand Cru Classé` or `DOCG`, up to 100 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub classification: String,
    /// Colour.
    pub colour: Colour,
    /// Style; still when absent.
    #[serde(default = "still")]
    pub style: Style,
    /// Sweetness.
    #[serde(default)]
    pub sweetness: Option<Sweetness>,
    /// Effervescence.
    #[serde(default)]
    pub effervescence: Option<Effervescence>,
    /// Grapes, the largest share first, at most 20; shares add up to 100 at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub grapes: Vec<Grape>,
    /// Alcohol in tenths of a per cent by volume (135 = 13.5 %), 0 to 800.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 800, example = 135))]
    pub abv_tenths: Option<i32>,
    /// Words of one's own, 1 to 50 characters each, at most 30.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 30))]
    pub tags: Vec<String>,
}

fn still() -> Style {
    Style::Still
}

impl WineFacts {
    /// A still wine of which no more is known.
    pub fn named(producer: impl Into<String>, name: impl Into<String>, colour: Colour) -> Self {
        Self {
            producer: producer.into(),
            name: name.into(),
            country: String::new(),
            region: String::new(),
            subregion: String::new(),
            appellation: String::new(),
            designation: String::new(),
            vineyard: String::new(),
            classification: String::new(),
            colour,
            style: Style::Still,
            sweetness: None,
            effervescence: None,
            grapes: Vec::new(),
            abv_tenths: None,
            tags: Vec::new(),
        }
    }

    /// Checks every field; the error names it.
    pub fn check(&self) -> Result<(), RuleError> {
        text("producer", &self.producer, 1, 200)?;
        text("name", &self.name, 1, 200)?;
        let places = [
            ("country", &self.country),
            ("region", &self.region),
            ("subregion", &self.subregion),
            ("appellation", &self.appellation),
            ("designation", &self.designation),
            ("vineyard", &self.vineyard),
            ("classification", &self.classification),
        ];
        for (field, value) in places {
            text(field, value, 0, 100)?;
        }
        self.check_grapes()?;
        if let Some(abv) = self.abv_tenths.filter(|abv| !(0..=800).contains(abv)) {
            return Err(RuleError::field("abv_tenths", format!("is {abv}; 0 to 800 are allowed (135 = 13.5 %)")));
        }
        if self.tags.len() > 30 {
            return Err(RuleError::field("tags", format!("are {}; at most 30 are allowed", self.tags.len())));
        }
        for (i, tag) in self.tags.iter().enumerate() {
            text(&format!("tags[{i}]"), tag, 1, 50)?;
        }
        Ok(())
    }

    fn check_grapes(&self) -> Result<(), RuleError> {
        if self.grapes.len() > 20 {
            return Err(RuleError::field("grapes", format!("are {}; at most 20 are allowed", self.grapes.len())));
        }
        let mut sum = 0;
        for (i, grape) in self.grapes.iter().enumerate() {
            text(&format!("grapes[{i}].name"), &grape.name, 1, 60)?;
            let Some(percent) = grape.percent else { continue };
            if !(1..=100).contains(&percent) {
                return Err(RuleError::field(
                    format!("grapes[{i}].percent"),
                    format!("is {percent}; 1 to 100 are allowed"),
                ));
            }
            sum += percent;
        }
        if sum > 100 {
            return Err(RuleError::field("grapes", format!("add up to {sum} %; at most 100 % are allowed")));
        }
        Ok(())
    }

    /// The same with spaces at the ends removed, and tags in lower case, sorted, each once.
    pub fn tidied(&self) -> Self {
        let tidy = |text: &String| text.trim().to_owned();
        let mut tags: Vec<String> = self.tags.iter().map(|tag| tag.trim().to_lowercase()).collect();
        tags.sort();
        tags.dedup();
        Self {
            producer: tidy(&self.producer),
            name: tidy(&self.name),
            country: tidy(&self.country),
            region: tidy(&self.region),
            subregion: tidy(&self.subregion),
            appellation: tidy(&self.appellation),
            designation: tidy(&self.designation),
            vineyard: tidy(&self.vineyard),
            classification: tidy(&self.classification),
            grapes: self.grapes.iter().map(|grape| Grape { name: tidy(&grape.name), percent: grape.percent }).collect(),
            tags,
            ..self.clone()
        }
    }
}

/// Refuses a text shorter or longer than allowed, or with control characters.
pub fn text(field: &str, value: &str, min: usize, max: usize) -> Result<(), RuleError> {
    let length = value.trim().chars().count();
    if length < min {
        return Err(RuleError::field(field, "must not be empty"));
    }
    if value.chars().count() > max {
        return Err(RuleError::field(field, format!("is {length} characters long; at most {max} are allowed")));
    }
    if value.chars().any(char::is_control) {
        return Err(RuleError::field(field, "holds a control character; remove it"));
    }
    Ok(())
}

/// Like [`text`], for texts of several lines.
pub fn lines(field: &str, value: &str, min: usize, max: usize) -> Result<(), RuleError> {
    let one = value.replace(['\n', '\r', '\t'], " ");
    text(field, &one, min, max)
}

/// Refuses what is not a day of the calendar, written `YYYY-MM-DD`.
pub fn day(field: &str, value: &str) -> Result<(), RuleError> {
    match (value.len(), value.parse::<chrono::NaiveDate>()) {
        (10, Ok(_)) => Ok(()),
        _ => Err(RuleError::field(field, format!("`{value}` is not a day; write it as YYYY-MM-DD"))),
    }
}

/// Refuses what is not an ISO 4217 code: three capital letters.
pub fn currency(field: &str, value: &str) -> Result<(), RuleError> {
    match value.len() == 3 && value.bytes().all(|b| b.is_ascii_uppercase()) {
        true => Ok(()),
        false => Err(RuleError::field(field, format!("`{value}` is no currency; write three capitals such as EUR"))),
    }
}

/// A vintage of a wine. The window is the one that counts; see [`crate::window`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vintage {
    /// Identifier.
    pub id: VintageId,
    /// Whose vintage.
    pub wine_id: WineId,
    /// Year of harvest, 1700 to 2200; none for a wine without vintage (NV).
    pub year: Option<i32>,
    /// The drinking window, and who says so.
    #[serde(flatten)]
    pub window: Window,
    /// Whose window it is: `owner`, the name of an imported source, or `rule`; none where nothing is known.
    pub window_source: Option<String>,
    /// Mean of our own ratings in tenths of a point of 100, 0 to 1000.
    pub score_tenths: Option<i32>,
    /// What one bottle of 75 cl is worth, in the smallest unit of `valuation_currency`.
    pub valuation_minor: Option<i64>,
    /// ISO 4217 code of the valuation.
    pub valuation_currency: Option<String>,
    /// Counts up with each change.
    pub revision: i32,
}

/// Checks a year of harvest or of a drinking window.
pub fn year(field: &str, value: Option<i32>) -> Result<(), RuleError> {
    match value {
        Some(y) if !(1700..=2200).contains(&y) => {
            Err(RuleError::field(field, format!("{y} is not a year between 1700 and 2200; leave it out for NV")))
        }
        _ => Ok(()),
    }
}

impl Vintage {
    /// The state in `this_year`.
    pub fn drink_state(&self, this_year: i32) -> DrinkState {
        self.window.state(this_year)
    }
}
