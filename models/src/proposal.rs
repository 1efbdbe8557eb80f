//! Proposals: what the camera thinks has changed, for a person to decide.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    ids::{BinId, BottleId, ProposalId, ScanId, VintageId},
    movement::IssueReason,
    word_enum,
};

word_enum! {
    /// Where a proposal stands.
    ProposalState {
        /// Waits for a person.
        Open = "open",
        /// Answered: movements were written.
        Approved = "approved",
        /// Answered: the camera was wrong.
        Rejected = "rejected",
        /// Closed by a later scan or by the book having been set right.
        Superseded = "superseded",
    }
}

/// A mismatch between the book and a reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// Identifier.
    pub id: ProposalId,
    /// The scan that raised it.
    pub scan_id: ScanId,
    /// The bin.
    pub bin: BinId,
    /// Bottles by the book when it was raised.
    pub expected: i32,
    /// Bottles seen.
    pub seen: i32,
    /// Confidence of the reading, 0 to 1.
    pub confidence: f64,
    /// Where it stands.
    pub state: ProposalState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was decided or closed (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional", default)]
    pub decided_at: Option<Instant>,
    /// Why it was closed, in a sentence.
    pub note: Option<String>,
    /// When it was raised (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
    /// Counts up with each change.
    pub revision: i32,
}

/// How the note of a proposal begins that was closed because a person corrected the book to what was seen.
pub const SET_RIGHT: &str = "The book was set right";

impl Proposal {
    /// How many bottles lie in the bin on the scan's picture, where a person's answer tells: as seen after a yes or
    /// after the book was set right, as the book said after a no. None while nobody has answered, or when a later scan
    /// closed it.
    pub fn truth(&self) -> Option<i32> {
        match self.state {
            ProposalState::Approved => Some(self.seen),
            ProposalState::Rejected => Some(self.expected),
            ProposalState::Superseded if self.note.as_deref().is_some_and(|note| note.starts_with(SET_RIGHT)) => {
                Some(self.seen)
            }
            ProposalState::Superseded | ProposalState::Open => None,
        }
    }

    /// Bottles too few (negative) or too many (positive) in the bin.
    pub fn difference(&self) -> i32 {
        self.seen - self.expected
    }
}

/// How a person answers a proposal with yes. Everything may be left out: then the bottles that lie in the bin the
/// longest have been drunk, or the bottles that wait the longest to be put away have arrived; where none waits, bottles
/// of an "Unknown wine" are received, to be named later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Why the missing bottles left; drunk when absent.
    #[serde(default)]
    pub reason: Option<IssueReason>,
    /// The missing bottles have not left the cellar: they were taken out of the bin and wait to be put away.
    #[serde(default)]
    pub moved: bool,
    /// Which bottles left, or arrived: as many as the difference, or none.
    #[serde(default)]
    pub bottles: Vec<BottleId>,
    /// Which vintage arrived, when new bottles are to be received.
    #[serde(default)]
    pub vintage_id: Option<VintageId>,
}
