//! Access to the companion that serves this page: exchanges the one-time code in the address for
//! the token.
//!
//! The companion itself has served this page, so the page can trust it without the proof that a
//! page from elsewhere demands (`src/proof/companion.rs`). The exchange happens on opening, because a
//! code expires within minutes and the reader may open *Verify* much later.

use std::cell::{Cell, RefCell};

use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{RequestInit, Response};
use yew::Callback;

use super::{dom, storage};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Exchange {
    /// No exchange is in progress: there was no code, or the token is stored.
    #[default]
    Over,
    UnderWay,
    /// The code was used before or has expired.
    Spent,
}

thread_local! {
    static EXCHANGE: Cell<Exchange> = const { Cell::new(Exchange::Over) };
    static DECIDED: RefCell<Option<Callback<()>>> = const { RefCell::new(None) };
}

pub(super) fn is_under_way() -> bool {
    EXCHANGE.get() == Exchange::UnderWay
}

pub(super) fn is_spent() -> bool {
    EXCHANGE.get() == Exchange::Spent
}

/// Sets the callback for the end of each exchange.
pub(super) fn when_decided(decided: Callback<()>) {
    DECIDED.replace(Some(decided));
}

/// Exchanges a code, e.g. `"3f9a…"`. Without a companion the code is useless and ignored.
pub(super) fn redeem(code: &str) {
    // Only hex digits, because the code is inserted into JSON below without escaping.
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_code || dom::built("companion").is_none() {
        return;
    }
    let options = format!(
        r#"{{"method":"POST","headers":{{"Content-Type":"application/json"}},"body":"{{\"code\":\"{code}\"}}","credentials":"omit","redirect":"error","cache":"no-store"}}"#
    );
    EXCHANGE.set(Exchange::UnderWay);
    spawn_local(async move {
        let exchange = match exchanged(&options).await {
            Ok(Some(token)) => {
                storage::keep_token(&token);
                Exchange::Over
            }
            Ok(None) => Exchange::Spent,
            // The companion has exited. The next request fails too and reports it.
            Err(_) => Exchange::Over,
        };
        EXCHANGE.set(exchange);
        let decided = DECIDED.with_borrow(Option::clone);
        decided.iter().for_each(|decided| decided.emit(()));
    });
}

/// The token; `None` if the companion refuses the code.
async fn exchanged(options: &str) -> Result<Option<String>, JsValue> {
    let address = dom::beside("api/token").ok_or(JsValue::NULL)?;
    let options: RequestInit = JSON::parse(options)?.unchecked_into();
    let answer = dom::window().fetch_with_str_and_init(&address, &options);
    let answer = JsFuture::from(answer).await?;
    let answer: Response = answer.unchecked_into();
    // The companion answers an unknown or expired code with an error status.
    if !answer.ok() {
        return Ok(None);
    }
    let text = JsFuture::from(answer.text()?).await?;
    let said = JSON::parse(&text.as_string().unwrap_or_default())?;
    Ok(Reflect::get(&said, &"token".into())?.as_string())
}
