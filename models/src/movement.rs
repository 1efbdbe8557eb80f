//! Movements: the append-only journal. Stock is the fold of it.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    ids::{BinId, BottleId, MovementId, ProposalId},
    word_enum,
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
    pub at: Instant,
    /// The movement this one undoes.
    pub reverses: Option<MovementId>,
    /// The proposal it answers.
    pub proposal_id: Option<ProposalId>,
}

/// What a person or program asks to be done with a bottle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MovementRequest {
    /// A new bottle of a vintage comes in; without `bin` it waits to be put away.
    Receipt {
        /// What comes in.
        vintage_id: crate::ids::VintageId,
        /// Where it is laid.
        #[serde(default)]
        bin: Option<BinId>,
    },
    /// The bottle leaves.
    Issue {
        /// Which bottle.
        bottle_id: BottleId,
        /// Why.
        reason: IssueReason,
    },
    /// The bottle is laid elsewhere; without `bin` it is taken out to be put away later.
    Move {
        /// Which bottle.
        bottle_id: BottleId,
        /// Where to.
        #[serde(default)]
        bin: Option<BinId>,
    },
}

/// Who asks, and through what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Name shown in the history.
    pub name: String,
    /// Through what.
    pub source: Source,
}
