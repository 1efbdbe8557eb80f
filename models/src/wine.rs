//! Wines and their vintages.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{VintageId, WineId},
};

/// Declares an enum that is stored and sent as a short lower-case word.
#[macro_export]
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

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

/// A wine without its year: what the label says in every vintage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wine {
    /// Identifier.
    pub id: WineId,
    /// Who made it, such as `Domaine Tempier`.
    pub producer: String,
    /// Name on the label without the producer, such as `Bandol Rouge`.
    pub name: String,
    /// Country, in English.
    pub country: String,
    /// Region, such as `Provence`; may be empty.
    pub region: String,
    /// Appellation, such as `Bandol AOC`; may be empty.
    pub appellation: String,
    /// Colour.
    pub colour: Colour,
    /// Style.
    pub style: Style,
    /// Counts up with each change; a write names the revision it saw.
    pub revision: i32,
    /// When it was entered (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Instant,
}

/// What a person enters for a new wine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWine {
    /// Producer, 1 to 200 characters.
    pub producer: String,
    /// Name, 1 to 200 characters.
    pub name: String,
    /// Country, up to 100 characters.
    #[serde(default)]
    pub country: String,
    /// Region, up to 100 characters.
    #[serde(default)]
    pub region: String,
    /// Appellation, up to 100 characters.
    #[serde(default)]
    pub appellation: String,
    /// Colour.
    pub colour: Colour,
    /// Style; still when absent.
    #[serde(default = "still")]
    pub style: Style,
}

fn still() -> Style {
    Style::Still
}

impl NewWine {
    /// Checks the lengths; the error names the field.
    pub fn check(&self) -> Result<(), RuleError> {
        text("producer", &self.producer, 1, 200)?;
        text("name", &self.name, 1, 200)?;
        text("country", &self.country, 0, 100)?;
        text("region", &self.region, 0, 100)?;
        text("appellation", &self.appellation, 0, 100)
    }
}

/// Refuses a text shorter or longer than allowed, or with control characters.
pub fn text(field: &'static str, value: &str, min: usize, max: usize) -> Result<(), RuleError> {
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

/// A vintage of a wine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vintage {
    /// Identifier.
    pub id: VintageId,
    /// Whose vintage.
    pub wine_id: WineId,
    /// Year of harvest, 1700 to 2200; none for a wine without vintage (NV).
    pub year: Option<i32>,
    /// First year of the drinking window.
    pub drink_from: Option<i32>,
    /// Last year of the drinking window.
    pub drink_to: Option<i32>,
}

/// Checks a year of harvest or of a drinking window.
pub fn year(field: &'static str, value: Option<i32>) -> Result<(), RuleError> {
    match value {
        Some(y) if !(1700..=2200).contains(&y) => {
            Err(RuleError::field(field, format!("{y} is not a year between 1700 and 2200; leave it out for NV")))
        }
        _ => Ok(()),
    }
}

/// Where a vintage stands in its drinking window in a given year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DrinkState {
    /// The window begins later.
    Young,
    /// Within the window.
    Ready,
    /// The window has ended.
    Past,
    /// No window is known.
    Unknown,
}

impl Vintage {
    /// The state in `this_year`. An open side of the window never excludes.
    pub fn drink_state(&self, this_year: i32) -> DrinkState {
        match (self.drink_from, self.drink_to) {
            (None, None) => DrinkState::Unknown,
            (Some(from), _) if this_year < from => DrinkState::Young,
            (_, Some(to)) if this_year > to => DrinkState::Past,
            _ => DrinkState::Ready,
        }
    }
}
