//! People, sessions, tokens and the link of the first start.

use chrono::TimeDelta;
use models::{
    change::{Change, Entity},
    db::{Conn, DbError, changes::*, sessions::*, tokens::*, users::*},
    error::RuleError,
    user::{Permission, Role, SessionKind, TokenFacts, User},
};

use crate::cellar::*;

fn person(conn: &mut Conn, name: &str, role: Role) -> Outcome<User> {
    let new = NewUser { name: name.into(), role, password_hash: Some("hash".into()), pin_hash: Some("pin".into()) };
    user_insert(conn, &new, &anna(), now())
}

fn edits(conn: &mut Conn, entity: Entity, id: &str) -> Outcome<Vec<Change>> {
    change_list(conn, &ChangeFilter { of: Some((entity, id.into())), actor: None, people: true }, None, 20)
}

fn signed_in(conn: &mut Conn, hash: &str, kind: SessionKind, at: models::Instant) -> Outcome<Option<String>> {
    Ok(session_find(conn, hash, kind, at)?.map(|(user, _)| user.name))
}

#[test]
fn a_person_is_found_in_any_case_and_only_once() {
    in_cellar(|conn, _| {
        let by = anna();
        let anna = person(conn, " Änna ", Role::Member)?;
        assert_eq!((anna.name.as_str(), anna.has_password, anna.has_pin), ("Änna", true, true));
        assert_eq!(user_named(conn, "äNNA")?, anna);
        assert!(
            matches!(person(conn, "ÄNNA", Role::Kiosk), Err(DbError::Rule(RuleError::Field { field, .. })) if field == "name")
        );
        assert!(person(conn, "Robot", Role::Worker).is_err(), "a worker is a token");
        assert!(matches!(user_named(conn, "nobody"), Err(DbError::NotFound(_))));
        let changed = user_update(conn, &anna.id, "Anna", Role::Kiosk, true, 1, &by, now())?;
        assert_eq!((changed.name.as_str(), changed.role, changed.revision), ("Anna", Role::Kiosk, 2));
        assert!(matches!(
            user_update(conn, &anna.id, "Late", Role::Kiosk, true, 1, &by, now()),
            Err(DbError::Stale(_))
        ));
        Ok(())
    });
}

#[test]
fn the_last_admin_stays() {
    in_cellar(|conn, _| {
        let by = anna();
        let anna = person(conn, "Anna", Role::Admin)?;
        assert!(user_has_admin(conn)?);
        let attempt =
            |conn: &mut Conn, role, enabled| user_update(conn, &anna.id, "Anna", role, enabled, 1, &by, now());
        let refused = attempt(conn, Role::Member, true);
        assert!(matches!(refused, Err(DbError::Rule(RuleError::Forbidden(_)))), "{refused:?}");
        Ok(())
    });
    in_cellar(|conn, _| {
        let by = anna();
        let anna = person(conn, "Anna", Role::Admin)?;
        person(conn, "Bert", Role::Admin)?;
        assert!(!user_update(conn, &anna.id, "Anna", Role::Admin, false, 1, &by, now())?.enabled);
        Ok(())
    });
}

#[test]
fn a_session_slides_and_ends() {
    in_cellar(|conn, _| {
        let anna = person(conn, "Anna", Role::Member)?;
        session_insert(conn, "aa", &anna.id, SessionKind::Kiosk, "Kiosk\u{7}", now())?;
        let minutes = |n| now() + TimeDelta::minutes(n);
        assert_eq!(signed_in(conn, "aa", SessionKind::Kiosk, minutes(4))?.as_deref(), Some("Anna"));
        assert_eq!(signed_in(conn, "aa", SessionKind::Browser, minutes(4))?, None, "a PIN is no password");
        session_touch(conn, "aa", SessionKind::Kiosk, minutes(4))?;
        assert!(signed_in(conn, "aa", SessionKind::Kiosk, minutes(8))?.is_some());
        assert_eq!(signed_in(conn, "aa", SessionKind::Kiosk, minutes(9))?, None, "five minutes after the last act");
        let list = session_list(conn, minutes(5))?;
        assert_eq!((list.len(), list[0].user.as_str(), list[0].agent.as_str()), (1, "Anna", "Kiosk"));
        session_insert(conn, "bb", &anna.id, SessionKind::Browser, "Desk", minutes(30))?;
        let ids: Vec<_> = session_list(conn, now())?.into_iter().map(|session| session.id).collect();
        assert_eq!(ids, ["bb"], "what has run out is forgotten");
        session_delete(conn, "bb")?;
        assert_eq!(signed_in(conn, "bb", SessionKind::Browser, minutes(31))?, None);
        Ok(())
    });
}

#[test]
fn a_new_password_a_new_pin_and_a_closed_account_sign_out() {
    in_cellar(|conn, _| {
        let by = anna();
        let anna = person(conn, "Anna", Role::Member)?;
        let both = |conn: &mut Conn| -> Outcome<(bool, bool)> {
            let browser = signed_in(conn, "web", SessionKind::Browser, now())?.is_some();
            Ok((browser, signed_in(conn, "pin", SessionKind::Kiosk, now())?.is_some()))
        };
        let begin = |conn: &mut Conn| -> Outcome {
            session_end(conn, &anna.id, None)?;
            session_insert(conn, "web", &anna.id, SessionKind::Browser, "", now())?;
            session_insert(conn, "pin", &anna.id, SessionKind::Kiosk, "", now())
        };
        begin(conn)?;
        assert_eq!(both(conn)?, (true, true));
        assert!(!user_set_pin(conn, &anna.id, None, &by, now())?.has_pin);
        assert_eq!(both(conn)?, (true, false));
        begin(conn)?;
        user_set_password(conn, &anna.id, "another", &by, now())?;
        assert_eq!(both(conn)?, (false, false));
        begin(conn)?;
        user_update(conn, &anna.id, "Anna", Role::Member, false, 3, &by, now())?;
        assert_eq!(both(conn)?, (false, false));
        Ok(())
    });
}

#[test]
fn a_token_is_found_by_its_hash_until_it_ends() {
    in_cellar(|conn, _| {
        let facts =
            TokenFacts { name: "scanner".into(), role: Role::Worker, scopes: vec![Permission::Worker], days: Some(1) };
        let token = token_insert(conn, &facts, "hash", &anna(), now())?;
        assert_eq!(token_find(conn, "hash", now())?.as_ref(), Some(&token));
        assert_eq!(token_find(conn, "scanner", now())?, None);
        assert_eq!(token_find(conn, "hash", now() + TimeDelta::days(1))?, None, "too old");
        token_touch(conn, &token.id, now())?;
        assert_eq!(token_list(conn)?[0].used_at, Some(now()));
        let revoked = token_revoke(conn, &token.id, &anna(), now())?;
        assert_eq!(revoked.revoked_at, Some(now()));
        assert_eq!(token_revoke(conn, &token.id, &anna(), now() + TimeDelta::days(1))?.revoked_at, Some(now()));
        assert_eq!(token_find(conn, "hash", now())?, None);
        assert!(matches!(token_revoke(conn, &"none".into(), &anna(), now()), Err(DbError::NotFound(_))));
        Ok(())
    });
}

#[test]
fn the_link_of_the_first_start_works_once_and_not_for_long() {
    in_cellar(|conn, _| {
        setup_link_insert(conn, "old", now())?;
        setup_link_insert(conn, "new", now())?;
        assert!(!setup_link_valid(conn, "old", now())?, "a newer link voids the older one");
        assert!(setup_link_valid(conn, "new", now())?);
        assert!(!setup_link_valid(conn, "new", now() + TimeDelta::hours(24))?);
        assert_eq!(setup_admin(conn, "new", "Anna", "hash", now())?.role, Role::Admin);
        assert!(setup_admin(conn, "new", "Bert", "hash", now()).is_err());
        setup_link_insert(conn, "third", now())?;
        assert!(!setup_link_valid(conn, "third", now())?, "there is an admin already");
        Ok(())
    });
}

#[test]
fn what_was_done_to_a_person_is_told_and_taken_back() {
    in_cellar(|conn, _| {
        let by = anna();
        person(conn, "Anna", Role::Admin)?;
        let bert = person(conn, "Bert", Role::Member)?;
        let id = bert.id.as_str();
        user_update(conn, &bert.id, "Bertha", Role::Admin, false, 1, &by, now())?;
        let edit = edits(conn, Entity::User, id)?.remove(0);
        assert_eq!(
            (edit.actor.as_str(), edit.fields()),
            ("Anna", vec!["enabled".into(), "name".into(), "role".into()])
        );
        let back = change_undo(conn, &edit.id, &by, now())?;
        let now_bert = user_get(conn, &bert.id)?;
        assert_eq!((now_bert.name.as_str(), now_bert.role, now_bert.enabled), ("Bert", Role::Member, true));
        assert!(now_bert.has_password && now_bert.revision == 3);
        change_undo(conn, &back.id, &by, now())?;
        assert_eq!(user_get(conn, &bert.id)?.name, "Bertha", "an undo can be undone");

        user_set_password(conn, &bert.id, "another hash", &by, now())?;
        let edit = edits(conn, Entity::User, id)?.remove(0);
        assert!(!format!("{edit:?}").contains("hash"), "the journal holds no secret: {edit:?}");
        let refused = change_undo(conn, &edit.id, &by, now());
        assert!(matches!(refused, Err(DbError::Rule(RuleError::Forbidden(_)))), "{refused:?}");

        let carl = person(conn, "Carl", Role::Member)?;
        session_insert(conn, "cc", &carl.id, SessionKind::Browser, "", now())?;
        let entered = edits(conn, Entity::User, carl.id.as_str())?.remove(0);
        let gone = change_undo(conn, &entered.id, &by, now())?;
        assert!(matches!(user_get(conn, &carl.id), Err(DbError::NotFound(_))));
        assert_eq!(signed_in(conn, "cc", SessionKind::Browser, now())?, None);
        change_undo(conn, &gone.id, &by, now())?;
        let again = user_get(conn, &carl.id)?;
        assert_eq!((again.name.as_str(), again.has_password), ("Carl", false), "secrets do not come back");
        assert!(
            change_list(conn, &ChangeFilter::default(), None, 50)?.iter().all(|change| change.entity != Entity::User),
            "who did not ask for people sees none"
        );
        Ok(())
    });
}

#[test]
fn the_last_admin_is_not_undone_either() {
    in_cellar(|conn, _| {
        let first = person(conn, "Anna", Role::Admin)?;
        let entered = edits(conn, Entity::User, first.id.as_str())?.remove(0);
        let refused = change_undo(conn, &entered.id, &anna(), now());
        assert!(matches!(refused, Err(DbError::Rule(RuleError::Forbidden(_)))), "{refused:?}");
        Ok(())
    });
}

#[test]
fn a_token_that_was_made_is_taken_back_for_good() {
    in_cellar(|conn, _| {
        let facts = TokenFacts { name: "scanner".into(), role: Role::Worker, scopes: Vec::new(), days: None };
        let token = token_insert(conn, &facts, "hash", &anna(), now())?;
        let made = edits(conn, Entity::Token, token.id.as_str())?.remove(0);
        assert!(!format!("{made:?}").contains("hash"), "{made:?}");
        let back = change_undo(conn, &made.id, &anna(), now())?;
        assert_eq!(token_find(conn, "hash", now())?, None);
        let revive = change_undo(conn, &back.id, &anna(), now());
        assert!(matches!(revive, Err(DbError::Rule(RuleError::Forbidden(_)))), "{revive:?}");
        token_revoke(conn, &token.id, &anna(), now())?;
        assert_eq!(edits(conn, Entity::Token, token.id.as_str())?.len(), 2, "revoking it again is no edit");
        Ok(())
    });
}
