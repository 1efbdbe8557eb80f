//! Events: what is told to other programs and to people who are not there.

use serde::{Deserialize, Serialize};

use crate::{Instant, word_enum};

word_enum! {
    /// What happened.
    EventKind {
        /// The camera asks what has happened in a bin; also when an answer was taken back.
        ProposalRaised = "proposal.raised",
        /// A question was answered, or closed itself.
        ProposalClosed = "proposal.closed",
        /// A scan has read the rack.
        ScanFinished = "scan.finished",
        /// A scan ended without an opinion.
        ScanFailed = "scan.failed",
        /// Bottles came, left or changed their place.
        StockChanged = "stock.changed",
        /// Something of the box does not work.
        ProblemRaised = "problem.raised",
        /// It works again.
        ProblemCleared = "problem.cleared",
    }
}

/// One event. Events are in the order of what they tell of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The database's revision by which it happened.
    pub revision: i64,
    /// Within the revision, from 1.
    pub number: i32,
    /// What happened.
    pub kind: EventKind,
    /// When (UTC).
    #[serde(with = "crate::instant")]
    pub at: Instant,
    /// What is told of it, an object.
    pub data: serde_json::Value,
}
