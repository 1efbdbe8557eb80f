//! Proposals: what the camera thinks has changed, for a person to decide.

use serde::{Deserialize, Serialize};

use crate::{
    Instant,
    explain::Candidate,
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
        /// Closed because no scan has confirmed it for long.
        Expired = "expired",
        /// Answered: it is not one bottle; the two bins are asked about apart.
        Parted = "parted",
    }
}

word_enum! {
    /// What a person says to a question, in one word.
    Answer {
        /// The bottles were drunk.
        Drunk = "drunk",
        /// The bottles were given away.
        Gift = "gift",
        /// The bottles broke.
        Broken = "broken",
        /// The bottles were opened: they stand somewhere, in no bin.
        Opened = "opened",
        /// The bottles lie elsewhere now: they wait to be put away.
        Moved = "moved",
        /// The bottles have come.
        Arrived = "arrived",
        /// The bottles lie where the camera sees them.
        There = "there",
        /// What happened in the two bins is not one thing.
        Apart = "apart",
        /// Ask again tomorrow.
        Later = "later",
        /// The camera is wrong.
        Wrong = "wrong",
        /// The camera was not wrong after all: the question is open again.
        Reopen = "reopen",
    }
}

impl Answer {
    /// The answers that fit a question, the likeliest first.
    pub fn of(proposal: &Proposal) -> &'static [Self] {
        match proposal.kind {
            ProposalKind::Swap if proposal.names_what_lies_there() => &[
                Self::There,
                Self::Drunk,
                Self::Opened,
                Self::Gift,
                Self::Moved,
                Self::Broken,
                Self::Wrong,
                Self::Later,
            ],
            _ if proposal.is_about_one_gone() => {
                &[Self::Drunk, Self::Opened, Self::Gift, Self::Moved, Self::Broken, Self::Wrong, Self::Later]
            }
            ProposalKind::Extra => &[Self::Arrived, Self::Wrong, Self::Later],
            _ => &[Self::There, Self::Apart, Self::Wrong, Self::Later],
        }
    }

    /// What is to be done at this word, where a yes is one about these bottles (none: the likeliest).
    pub fn decision(self, bottles: Vec<BottleId>) -> Decision {
        let reason = match self {
            Self::Drunk => Some(IssueReason::Drunk),
            Self::Gift => Some(IssueReason::Gift),
            Self::Broken => Some(IssueReason::Broken),
            Self::Opened | Self::Moved | Self::Arrived | Self::There => None,
            Self::Apart => return Decision::Apart,
            Self::Later => return Decision::Later,
            Self::Wrong => return Decision::Wrong,
            Self::Reopen => return Decision::Reopen,
        };
        let (moved, opened) = (self == Self::Moved, self == Self::Opened);
        Decision::Yes(Approval { reason, moved, opened, bottles, vintage_id: None })
    }
}

/// What a person's word comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is so.
    Yes(Approval),
    /// It is two things.
    Apart,
    /// Ask again.
    Later,
    /// It is not so.
    Wrong,
    /// The question is open again.
    Reopen,
}

word_enum! {
    /// What the camera thinks has happened.
    ProposalKind {
        /// Bottles are missing: who took them?
        Missing = "missing",
        /// There are bottles too many: which came?
        Extra = "extra",
        /// Bottles lie in another bin than the book says.
        Move = "move",
        /// Two bottles lie in each other's bins; or, without another bin, one has gone and another lies there: the second
        /// candidate, which is in no bin by the book, or, without a likeness, nobody knows which.
        Swap = "swap",
    }
}

/// The other bin of a proposal about two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Side {
    /// The bin.
    pub bin: BinId,
    /// Bottles by the book when it was raised.
    pub expected: i32,
    /// Bottles seen.
    pub seen: i32,
}

/// A mismatch between the book and a reading, with what is thought to have happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// Identifier.
    pub id: ProposalId,
    /// The scan that raised it.
    pub scan_id: ScanId,
    /// What is thought to have happened.
    pub kind: ProposalKind,
    /// The bin; of a move the one that the bottles left.
    pub bin: BinId,
    /// Bottles by the book when it was raised.
    pub expected: i32,
    /// Bottles seen.
    pub seen: i32,
    /// Confidence of the reading, 0 to 1; of two bins the lesser.
    pub confidence: f64,
    /// The other bin of a move or an exchange; none where one of the two bottles is in no bin by the book.
    pub other: Option<Side>,
    /// How many bottles it is about; of an exchange 1, one in each bin.
    pub number: i32,
    /// How alike the ends are that went and came, 0 to 1, of a move or an exchange; of a bottle that
    /// lies there and is in no bin by the book, how alike its end is to what it was; none where nobody knows which that is.
    pub likeness: Option<f64>,
    /// The bottles it may be about, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// Where it stands.
    pub state: ProposalState,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was decided or closed (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional", default)]
    pub decided_at: Option<Instant>,
    /// Why it was closed, or is asked once more, in a sentence.
    pub note: Option<String>,
    /// When it was raised (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub created_at: Instant,
    /// When a scan last showed the same (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub confirmed_at: Instant,
    /// Not to be asked before (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    #[serde(with = "crate::instant::optional", default)]
    pub snoozed_until: Option<Instant>,
    /// Counts up with each change.
    pub revision: i32,
}

/// How the note of a proposal begins that was closed because a person corrected the book to what was seen.
pub const SET_RIGHT: &str = "The book was set right";

/// "Ask me later" without a time.
pub const LATER: chrono::TimeDelta = chrono::TimeDelta::hours(24);

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
            ProposalState::Superseded | ProposalState::Open | ProposalState::Expired | ProposalState::Parted => None,
        }
    }

    /// What is asked, in a sentence: `1 bottle missing from 03_03`.
    pub fn question(&self) -> String {
        let bottles = if self.number == 1 { "1 bottle".to_owned() } else { format!("{} bottles", self.number) };
        let other = self.other.as_ref().map_or("", |side| side.bin.as_str());
        match self.kind {
            ProposalKind::Missing => format!("{bottles} missing from {}", self.bin),
            ProposalKind::Extra => format!("{bottles} too many in {}", self.bin),
            ProposalKind::Move => format!("{bottles} moved from {} to {other}", self.bin),
            ProposalKind::Swap if self.other.is_none() => {
                format!("Another bottle lies in {} than the book says", self.bin)
            }
            ProposalKind::Swap => format!("Two bottles exchanged between {} and {other}", self.bin),
        }
    }

    /// Where the server shows the bin as it was seen: `/media/scans/…/bins/03_03.jpg`.
    pub fn picture(&self) -> String {
        format!("/media/scans/{}/bins/{}.jpg", self.scan_id, self.bin)
    }

    /// Both bins with what the book said and what was seen.
    pub fn sides(&self) -> Vec<Side> {
        let first = Side { bin: self.bin.clone(), expected: self.expected, seen: self.seen };
        std::iter::once(first).chain(self.other.clone()).collect()
    }

    /// Whether somebody has asked to be left alone with it for now.
    pub fn sleeps(&self, now: Instant) -> bool {
        self.snoozed_until.is_some_and(|until| until > now)
    }

    /// Whether one has gone and it is known which lies in its place.
    pub fn names_what_lies_there(&self) -> bool {
        self.kind == ProposalKind::Swap && self.other.is_none() && self.likeness.is_some()
    }

    /// Whether it is asked which of the bin's bottles has gone, and why.
    pub fn is_about_one_gone(&self) -> bool {
        match self.kind {
            ProposalKind::Missing => true,
            ProposalKind::Swap => self.other.is_none() && self.likeness.is_none(),
            ProposalKind::Extra | ProposalKind::Move => false,
        }
    }

    /// Whether its candidates are the two bottles of an exchange.
    pub fn names_two(&self) -> bool {
        self.kind == ProposalKind::Swap && !self.is_about_one_gone()
    }

    /// Bottles too few (negative) or too many (positive) in the bin.
    pub fn difference(&self) -> i32 {
        self.seen - self.expected
    }
}

/// How a person answers a proposal with yes. Everything may be left out: then the likeliest of the proposal's candidates
/// have been drunk, have arrived or lie in the other bin. Where nothing tells bottles apart these are those that lie in the
/// bin, or wait to be put away, the longest; where none waits, bottles of an "Unknown wine" are received, to be named later.
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
    /// The missing bottles were opened: they have not left either, and stand in no bin.
    #[serde(default)]
    pub opened: bool,
    /// Which bottles left, arrived, or were moved: as many as the proposal is about, or none. Of an exchange two, the one that
    /// the book has in `bin` first; where the other is in no bin, that one may stand alone. Where one has gone and another lies there
    /// than was thought, say why that one left (`reason`, `moved` or `opened`): which lies there is asked next.
    #[serde(default)]
    pub bottles: Vec<BottleId>,
    /// Which vintage arrived, when new bottles are to be received.
    #[serde(default)]
    pub vintage_id: Option<VintageId>,
}
