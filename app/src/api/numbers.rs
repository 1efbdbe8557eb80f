//! The cellar in numbers.

use leptos::prelude::*;
use models::numbers::Numbers;
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// Reads the numbers.
#[server(input = GetUrl)]
pub async fn get_numbers() -> Result<Numbers, AppError> {
    let ctx = crate::ctx::AppCtx::get()?;
    let keeper = ctx.numbers.clone();
    ctx.read(move |conn, now| Ok((*keeper.numbers_get(conn, now)?).clone())).await
}
