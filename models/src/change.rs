//! The journal of edits: everything a person changes that is not a movement, with what it was before and after, so that
//! it can be told and taken back exactly.

use serde::{Deserialize, Serialize};

use crate::{Instant, ids::ChangeId, movement::Source, user::Permission, word_enum};

word_enum! {
    /// What was edited.
    Entity {
        Wine = "wine", Vintage = "vintage", Bottle = "bottle", Note = "note", Wish = "wish", Rack = "rack", Bin = "bin",
        User = "user", Token = "token", Import = "import",
        /// A proposal that a person has rejected; approvals are movements.
        Proposal = "proposal",
    }
}

impl Entity {
    /// Whoever takes an edit back needs what the edit itself needed.
    pub fn permission(self) -> Permission {
        match self {
            Self::Bottle | Self::Proposal => Permission::Stock,
            Self::Wine | Self::Vintage | Self::Note | Self::Wish | Self::Import => Permission::Edit,
            Self::Rack | Self::Bin => Permission::Manage,
            Self::User | Self::Token => Permission::Admin,
        }
    }
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Identifier; sorts by time.
    pub id: ChangeId,
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub entity_id: String,
    /// The whole of it before; none when it was new.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<serde_json::Value>,
    /// The whole of it after; none when it was removed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<serde_json::Value>,
    /// Who did it.
    pub actor: String,
    /// Through what.
    pub source: Source,
    /// When (UTC).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    #[serde(with = "crate::instant")]
    pub at: Instant,
    /// The edit this one undoes.
    pub reverses: Option<ChangeId>,
}

impl Change {
    /// Whether it can be taken back at all. Old passwords and PINs are not kept, a token that somebody revoked must never
    /// open anything again, and an import that was taken back is made again from its file.
    pub fn can_be_undone(&self) -> bool {
        let secret = |side: &Option<serde_json::Value>| {
            side.as_ref().is_some_and(|value| value.get("password").is_some() || value.get("pin").is_some())
        };
        match self.entity {
            Entity::User => !secret(&self.before) && !secret(&self.after),
            Entity::Token | Entity::Import => self.after.is_some(),
            _ => true,
        }
    }

    /// Names of the fields that differ, sorted.
    pub fn fields(&self) -> Vec<String> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return Vec::new() };
        let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return Vec::new() };
        let mut names: Vec<String> = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(value))
            .map(|(name, _)| name.clone())
            .chain(before.keys().filter(|name| !after.contains_key(*name)).cloned())
            .collect();
        names.sort();
        names
    }
}
