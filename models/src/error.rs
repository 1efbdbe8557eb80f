//! What the domain forbids, in words for a person and with the field named for a program.

/// A broken rule. `field` is a JSON path such as `bin` or `polygon[2]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A value is out of its range; the message says what is allowed.
    #[error("{field}: {message}")]
    Field {
        /// Which field.
        field: String,
        /// What is wrong and how to cure it.
        message: String,
    },
    /// More bottles than the bin holds.
    #[error("bin {bin} is full ({holds} of {capacity})")]
    BinFull {
        /// The bin.
        bin: String,
        /// Bottles in it now.
        holds: u32,
        /// Bottles it can hold.
        capacity: u32,
    },
    /// The act does not fit the bottle's state.
    #[error("{0}")]
    Forbidden(String),
}

impl RuleError {
    /// A rule broken by one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { field: field.into(), message: message.into() }
    }

    /// The same, with the field named from further out: `currency` within `facts` is `facts.currency`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        match self {
            Self::Field { field, message } => Self::Field { field: format!("{outer}.{field}"), message },
            other => other,
        }
    }
}
