//! Who may calibrate, beside what the table of routes says.

use models::db::users;

use crate::{access::Caller, problem::Problem, state::Store};

/// Refuses whoever may not manage racks, at the screen beside the rack too ([`users::may_manage`]).
pub(crate) async fn must_calibrate(caller: &Caller, store: &Store) -> Result<(), Problem> {
    let (role, scopes, user) = (caller.role, caller.scopes.clone(), caller.user.clone());
    if store.read(move |conn| users::may_manage(conn, role, &scopes, user.as_ref())).await? {
        return Ok(());
    }
    Err(Problem::forbidden("calibrating needs a member of the house: say who you are by PIN, or sign in"))
}
