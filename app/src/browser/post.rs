//! Sending what was typed into a form to a server function, and its answer.

use leptos::ev::SubmitEvent;

use crate::{api::movements::Done, error::AppError};

/// What a form holds, with the button that was pressed, as a browser would post it. None where the browser is to do it
/// itself.
pub fn typed(event: &SubmitEvent) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let data = leptos::form::form_data_from_event(event).ok()?;
        let pairs = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        pairs.to_string().as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        None
    }
}

/// Posts it; never called on the server.
pub async fn send(to: &'static str, typed: String) -> Result<Done, AppError> {
    #[cfg(feature = "hydrate")]
    {
        use server_fn::{
            client::{Client, browser::BrowserClient},
            error::{FromServerFnError, ServerFnErrorErr},
            request::ClientReq,
            response::ClientRes,
        };
        type Browser = BrowserClient;
        let request = <<Browser as Client<AppError>>::Request as ClientReq<AppError>>::try_new_post(
            to,
            "application/x-www-form-urlencoded",
            "application/json",
            typed,
        )?;
        let answer = <Browser as Client<AppError>>::send(request).await?;
        let failed = ClientRes::<AppError>::status(&answer) >= 400;
        let text = ClientRes::<AppError>::try_into_string(answer).await?;
        if failed {
            return Err(AppError::de(text.into()));
        }
        serde_json::from_str(&text)
            .map_err(|error| AppError::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string())))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (to, typed);
        Err(AppError::new(crate::error::ErrorCode::Internal, "Only a browser sends forms."))
    }
}
