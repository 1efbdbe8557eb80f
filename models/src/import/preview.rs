//! What an import would do, or has done, line by line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Mapping, line::Format};
use crate::word_enum;

word_enum! {
    /// What becomes of a line. Each line has one outcome.
    Outcome {
        /// A wine that was not known, with its bottles.
        NewWine = "new_wine",
        /// Bottles of a wine that is known.
        NewBottles = "new_bottles",
        /// A bottle that was in the cellar has left it.
        Consumed = "consumed",
        /// What was known was completed: place, day, price, note, window.
        Updated = "updated",
        /// All of it was known.
        Unchanged = "unchanged",
        /// Ordered, not yet here: no bottle is entered.
        Pending = "pending",
        /// Not used; the text says why.
        Skipped = "skipped",
    }
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinePlan {
    /// Line of the file.
    pub line: u32,
    /// The wine; empty where none could be read.
    pub title: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The same in words.
    pub text: String,
    /// What was not taken as it stands.
    pub warnings: Vec<String>,
}

/// The report of an import, before or after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// What the file is.
    pub format: Format,
    /// The same for a person.
    pub title: String,
    /// Encoding of its bytes.
    pub encoding: String,
    /// Names of its columns.
    pub header: Vec<String>,
    /// Which column was taken as what, for a plain table.
    pub mapping: Option<Mapping>,
    /// Records of the file; the outcomes add up to it.
    pub total: u32,
    /// Lines of each outcome.
    pub outcomes: BTreeMap<String, u32>,
    /// Lines with a warning.
    pub warned: u32,
    /// Wines that are new.
    pub wines_new: u32,
    /// Vintages that are new.
    pub vintages_new: u32,
    /// Bottles that come in, those included that have left since.
    pub bottles_new: u32,
    /// Bottles that are laid into a bin.
    pub bottles_placed: u32,
    /// Bottles that leave, or have left.
    pub bottles_gone: u32,
    /// Bottles that are as the file says already.
    pub bottles_known: u32,
    /// Notes that come in.
    pub notes_new: u32,
    /// What is to be said of the whole file.
    pub notices: Vec<String>,
    /// Every line.
    pub lines: Vec<LinePlan>,
}

impl Preview {
    /// Whether nothing would change.
    pub fn is_idle(&self) -> bool {
        let idle = ["unchanged", "skipped", "pending"];
        self.outcomes.iter().all(|(outcome, count)| *count == 0 || idle.contains(&outcome.as_str()))
    }

    /// The same with the first `most` lines and all that carry a warning or were skipped.
    pub fn shortened(mut self, most: usize) -> Self {
        let mut seen = 0;
        self.lines.retain(|line| {
            seen += 1;
            seen <= most || line.outcome == Outcome::Skipped || !line.warnings.is_empty()
        });
        self
    }

    /// One sentence.
    pub fn words(&self) -> String {
        let outcomes: Vec<String> = self
            .outcomes
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(outcome, count)| format!("{count} {}", outcome.replace('_', " ")))
            .collect();
        format!(
            "{}: {} lines ({}); {} new wines, {} new bottles, {} laid into bins, {} left, {} known already, {} notes",
            self.title,
            self.total,
            outcomes.join(", "),
            self.wines_new,
            self.bottles_new,
            self.bottles_placed,
            self.bottles_gone,
            self.bottles_known,
            self.notes_new
        )
    }
}
