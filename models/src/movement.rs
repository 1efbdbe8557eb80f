//! Movements: the append-only journal. Stock is the fold of it.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    bottle::BottleFacts,
    error::RuleError,
    ids::{BinId, BottleId, MovementId, ProposalId, VintageId},
    wine, word_enum,
};

word_enum! {
    /// What happened.
    MovementKind {
        /// A bottle came into the cellar.
        Receipt = "receipt",
        /// A bottle left the cellar.
        Issue = "issue",
        /// A bottle changed its bin.
        Move = "move",
        /// The book was set right without anything having happened, among others by an undo.
        Correction = "correction",
    }
}

word_enum! {
    /// Why a bottle left.
    IssueReason {
        Drunk = "drunk", Gift = "gift", Sold = "sold", Broken = "broken", Corked = "corked", Lost = "lost",
    }
}

word_enum! {
    /// Through what the movement came.
    Source { Kiosk = "kiosk", Web = "web", Api = "api", Scan = "scan", Import = "import" }
}

/// One line of the journal. `from_bin`/`to_bin` and `from_status`/`to_status` tell the whole change, so that it can be
/// undone exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    /// Identifier; sorts by time.
    pub id: MovementId,
    /// The bottle.
    pub bottle_id: BottleId,
    /// What happened.
    pub kind: MovementKind,
    /// Why, for an issue.
    pub reason: Option<IssueReason>,
    /// Bin before.
    pub from_bin: Option<BinId>,
    /// Bin after.
    pub to_bin: Option<BinId>,
    /// Whether the bottle was in the cellar before.
    pub was_here: bool,
    /// Whether the bottle is in the cellar after.
    pub is_here: bool,
    /// Who did it.
    pub actor: String,
    /// Through what.
    pub source: Source,
    /// When (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub at: Instant,
    /// The movement this one undoes.
    pub reverses: Option<MovementId>,
    /// The proposal it answers.
    pub proposal_id: Option<ProposalId>,
    /// What was done at one go: movements with the same batch are undone together.
    #[serde(default)]
    pub batch: Option<String>,
    /// A remark, such as who got the gift; may be empty.
    #[serde(default)]
    pub note: String,
    /// What a sale brought, in the smallest unit of `currency`.
    #[serde(default)]
    pub revenue_minor: Option<i64>,
    /// ISO 4217 code of the revenue.
    #[serde(default)]
    pub currency: Option<String>,
}

/// What a person or program asks to be done with a bottle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MovementRequest {
    /// A new bottle of a vintage comes in; without `bin` it waits to be put away.
    Receipt {
        /// What comes in.
        vintage_id: VintageId,
        /// Where it is laid.
        #[serde(default)]
        bin: Option<BinId>,
        /// What is known of the bottle.
        #[serde(default)]
        facts: BottleFacts,
    },
    /// The bottle leaves.
    Issue {
        /// Which bottle.
        bottle_id: BottleId,
        /// Why.
        reason: IssueReason,
        /// A remark, up to 1000 characters.
        #[serde(default)]
        note: String,
        /// What a sale brought, in the smallest unit of `currency`.
        #[serde(default)]
        revenue_minor: Option<i64>,
        /// ISO 4217 code of the revenue.
        #[serde(default)]
        currency: Option<String>,
    },
    /// The bottle is laid elsewhere; without `bin` it is taken out to be put away later.
    Move {
        /// Which bottle.
        bottle_id: BottleId,
        /// Where to.
        #[serde(default)]
        bin: Option<BinId>,
    },
    /// The book was wrong: the bottle is where it is said here, though nothing has happened to it.
    Correction {
        /// Which bottle.
        bottle_id: BottleId,
        /// Whether it is in the cellar.
        here: bool,
        /// The bin it lies in.
        #[serde(default)]
        bin: Option<BinId>,
        /// A remark, up to 1000 characters.
        #[serde(default)]
        note: String,
    },
}

impl MovementRequest {
    /// A bottle of which nothing more is known comes in.
    pub fn receipt(vintage_id: VintageId, bin: Option<BinId>) -> Self {
        Self::Receipt { vintage_id, bin, facts: BottleFacts::default() }
    }

    /// The bottle leaves.
    pub fn issue(bottle_id: BottleId, reason: IssueReason) -> Self {
        Self::Issue { bottle_id, reason, note: String::new(), revenue_minor: None, currency: None }
    }

    /// The bottle that it is about; none for one that is yet to come.
    pub fn bottle(&self) -> Option<&BottleId> {
        match self {
            Self::Receipt { .. } => None,
            Self::Issue { bottle_id, .. } | Self::Move { bottle_id, .. } | Self::Correction { bottle_id, .. } => {
                Some(bottle_id)
            }
        }
    }

    /// Checks what can be checked without the book.
    pub fn check(&self) -> Result<(), RuleError> {
        match self {
            Self::Receipt { facts, .. } => facts.check().map_err(|error| error.within("facts")),
            Self::Issue { note, revenue_minor, currency, reason, .. } => {
                wine::lines("note", note, 0, 1000)?;
                let Some(revenue) = revenue_minor else { return Ok(()) };
                if *reason != IssueReason::Sold || !(0..=1_000_000_000_000).contains(revenue) {
                    return Err(RuleError::field("revenue_minor", "only a sale brings something, 0 to 10^12"));
                }
                let code = currency.as_deref().unwrap_or_default();
                wine::currency("currency", code)
            }
            Self::Move { .. } => Ok(()),
            Self::Correction { note, .. } => wine::lines("note", note, 0, 1000),
        }
    }
}

/// Who asks, and through what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Name shown in the history.
    pub name: String,
    /// Through what.
    pub source: Source,
}
