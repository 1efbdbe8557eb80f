//! Identifiers are made here and not by the engine: neither has to be asked for what it has just inserted.

/// A new UUIDv7 as text. Later ids of one process sort after earlier ones, so that a list can be paged by id.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
