//! How far the book can be trusted, bin by bin: when it was last confirmed, by what, and why somebody should look.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    error::RuleError,
    ids::{BinId, BottleId, ScanId},
    word_enum,
};

/// A bin that nothing has confirmed for so many days is doubtful.
pub const STALE_DAYS: i64 = 30;

/// Why a bin whose count is right is doubtful.
pub const DIFFERENT: &str = "the count is right, but a bottle looks different from before";

word_enum! {
    /// What found a bin as the book says.
    Witness {
        /// A scan counted as many bottles.
        Scan = "scan",
        /// A person looked.
        Person = "person",
    }
}

/// What is known of a bin's contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BinTrust {
    /// The bin.
    pub bin: BinId,
    /// Bottles by the book.
    pub book: i32,
    /// When it was last found as the book says (UTC); none if it never was.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional", default)]
    pub confirmed_at: Option<Instant>,
    /// Through what.
    pub confirmed_by: Option<Witness>,
    /// Which person.
    pub who: Option<String>,
    /// The last scan that looked at it.
    pub scan_id: Option<ScanId>,
    /// Why somebody should look; none when nothing is doubtful.
    pub doubt: Option<String>,
}

/// When a bin was last found as the book says, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// When (UTC).
    pub at: Instant,
    /// Through what.
    pub by: Witness,
    /// Which person.
    pub who: Option<String>,
    /// Until when the camera has seen what was moved: when the scan began that agreed in number and looks; none where a person
    /// confirmed, or an end looked different.
    pub seen_until: Option<Instant>,
}

/// What a person finds in a bin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Stocktake {
    /// The bottles that lie in it, all of them that the book knows. Those that the book has there and are not named wait to be
    /// put away from now on; those that it has elsewhere lie here.
    #[serde(default)]
    pub here: Vec<BottleId>,
    /// So many more that the book does not know, 0 to 200: they are received as "Unknown wine", to be named later.
    #[serde(default)]
    pub more: i32,
}

impl Stocktake {
    /// Checks what can be checked without the book.
    pub fn check(&self) -> Result<(), RuleError> {
        if !(0..=200).contains(&self.more) {
            return Err(RuleError::field("more", format!("is {}; 0 to 200 are allowed", self.more)));
        }
        if self.here.len() > 200 {
            return Err(RuleError::field("here", format!("names {}; a bin holds 200 at most", self.here.len())));
        }
        match self.here.iter().enumerate().find(|(i, id)| self.here[..*i].contains(id)) {
            Some((i, id)) => Err(RuleError::field(format!("here[{i}]"), format!("bottle {id} is named twice"))),
            None => Ok(()),
        }
    }
}
