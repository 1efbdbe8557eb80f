//! Identifiers: one newtype each, so that a bottle's id cannot be given where a wine's is wanted.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub String);

        impl $name {
            /// The id as it is stored and shown.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

ids! {
    /// A wine, vintage-neutral (UUIDv7 text).
    WineId,
    /// A vintage of a wine (UUIDv7 text).
    VintageId,
    /// One physical bottle (UUIDv7 text).
    BottleId,
    /// A rack (UUIDv7 text).
    RackId,
    /// A bin's name within the cellar, such as `03_03`: 1 to 32 of `A-Z a-z 0-9 _ -`.
    BinId,
    /// A movement (UUIDv7 text).
    MovementId,
    /// A version of a rack's calibration (UUIDv7 text).
    CalibrationId,
    /// A scan, also the name of its folder below `snapshots/` (UTC time and a suffix, such as `20261124T030000Z-9f3c`).
    ScanId,
    /// A proposal (UUIDv7 text).
    ProposalId,
    /// A tasting note (UUIDv7 text).
    NoteId,
    /// A wish (UUIDv7 text).
    WishId,
    /// An edit (UUIDv7 text).
    ChangeId,
    /// A person who may sign in (UUIDv7 text).
    UserId,
    /// A token of a program (UUIDv7 text).
    TokenId,
}

impl BinId {
    /// Whether the text may name a bin: it becomes part of file names and URLs.
    pub fn is_valid(&self) -> bool {
        (1..=32).contains(&self.0.len()) && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    }
}
