//! The wish list.

use leptos::prelude::*;
use models::{
    ids::WishId,
    wish::{Wish, WishState},
};
use server_fn::codec::GetUrl;

use super::movements::Done;
use crate::{error::AppError, forms::wish::WishForm};

/// Open wishes, the pressing ones first.
#[server(input = GetUrl)]
pub async fn get_wishes() -> Result<Vec<Wish>, AppError> {
    use models::db::wishes::wish_list;
    crate::ctx::AppCtx::get()?.read(|conn, _| wish_list(conn, Some(WishState::Open), None, 500)).await
}

/// Adds a wish.
#[server]
pub async fn add_wish(#[server(default)] wish: WishForm) -> Result<Done, AppError> {
    use models::{change::Entity, db::wishes::wish_insert};
    let back = {
        let wish = wish.clone();
        move |why: &str| format!("/wishes{}", crate::forms::query(why, &wish.fields()))
    };
    let actor = crate::ctx::actor();
    let done = crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let wish = wish_insert(conn, &wish.facts()?, &actor, now)?;
            let undo = super::wines::last_edit(conn, Entity::Wish, wish.id.as_str())?;
            Ok((Done { text: crate::texts::on_wish_list(&wish.facts.name), undo }, "/wishes".to_owned()))
        })
        .await;
    super::wines::ended(done, back)
}

/// A wish was bought, or nobody wishes it any more.
#[server]
pub async fn close_wish(wish: WishId, revision: i32, state: WishState) -> Result<Done, AppError> {
    use models::{change::Entity, db::wishes::*, wish::WishFacts};
    let actor = crate::ctx::actor();
    crate::ctx::AppCtx::get()?
        .write(move |conn, now| {
            let facts = WishFacts { state, ..wish_get(conn, &wish)?.facts };
            let saved = wish_update(conn, &wish, &facts, revision, &actor, now)?;
            let undo = super::wines::last_edit(conn, Entity::Wish, wish.as_str())?;
            Ok(Done { text: format!("{}: {}", saved.facts.name, state.as_str()), undo })
        })
        .await
}
