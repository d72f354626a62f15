//! The page's access to its document, its address, the clipboard and downloads.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, HtmlDialogElement, HtmlElement, Window};

pub(super) fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

pub(super) fn document() -> Document {
    window().document().expect("a window has a document")
}

pub(super) fn root_element() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// A value that the build wrote into the page, e.g. `<meta name="loopscope-editor">`.
pub(super) fn built(name: &str) -> Option<String> {
    let meta = document()
        .query_selector(&format!("meta[name='loopscope-{name}']"))
        .ok()??;
    meta.get_attribute("content")
        .filter(|content| !content.is_empty())
}

pub(super) fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Removes the boot screen, so that the page shows.
pub(super) fn uncover() {
    if let Some(boot) = by_id("boot") {
        boot.remove();
    }
}

/// Tells `www/boot.js` that the page has been painted.
pub(super) fn announce_seen() {
    if let Ok(event) = Event::new("loopscope-seen") {
        // Fails only for an event that is being dispatched.
        let _ = window().dispatch_event(&event);
    }
}

/// The width and the height of the window in pixels.
pub(super) fn window_size() -> [f64; 2] {
    let (width, height) = (window().inner_width(), window().inner_height());
    [width, height].map(|px| px.ok().and_then(|px| px.as_f64()).unwrap_or_default())
}

/// Scrolls to the element unless all of it is visible.
pub(super) fn bring_into_view(selector: &str) {
    let Ok(Some(element)) = document().query_selector(selector) else {
        return;
    };
    let place = element.get_bounding_client_rect();
    let [_, height] = window_size();
    if place.top() < 0.0 || place.bottom() > height {
        element.scroll_into_view_with_bool(true);
    }
}

/// Moves the keyboard focus to an element.
pub(super) fn focus(id: &str) {
    if let Some(element) = by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element outside of the document.
        let _ = element.focus();
    }
}

/// Closes the dialog, which gives the focus back to the button that opened it. A dialog that is
/// removed while it is open loses the focus.
pub(super) fn close_dialog(id: &str) {
    if let Some(dialog) = by_id(id).and_then(|found| found.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

/// The fragment of the address, with its `#`; empty if there is none.
pub(super) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The address without its fragment.
pub(super) fn address() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

/// Removes the fragment from the address bar without a new history entry.
pub(super) fn clear_fragment() {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address()));
    }
}

/// Puts a fragment into the address bar, as a new entry of the browser's history unless it is there
/// already. `is_edited` is stored with the entry, and outlives a reload.
pub(super) fn name_fragment(fragment: &str, is_edited: bool) {
    let Ok(history) = window().history() else {
        return;
    };
    let (state, url) = (JsValue::from_bool(is_edited), address() + fragment);
    // Fails only if the page changes the address very often.
    let _ = if self::fragment() == fragment {
        history.replace_state_with_url(&state, "", Some(&url))
    } else {
        history.push_state_with_url(&state, "", Some(&url))
    };
}

/// Whether the entry of the browser's history has been stored as edited.
pub(super) fn is_edited() -> bool {
    let state = window().history().and_then(|history| history.state());
    state.is_ok_and(|state| state.is_truthy())
}

/// Whether a media query matches, e.g. `"(max-width: 900px)"`.
pub(super) fn media_matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Copies text. Returns whether the browser allowed it.
pub(super) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // `navigator.clipboard` exists only in secure contexts, e.g. not on `http://192.168.0.2`.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok();
    if clipboard.is_none_or(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

/// The absolute address of one of the page's files, e.g. of `"editor.js"`.
pub(super) fn beside(name: &str) -> Option<String> {
    let base = document().base_uri().ok()??;
    web_sys::Url::new_with_base(name, &base)
        .ok()
        .map(|url| url.href())
}

/// The text of one of the page's files; `None` if it cannot be loaded.
pub(super) async fn text_of(name: &str) -> Option<String> {
    let answer = JsFuture::from(window().fetch_with_str(&beside(name)?));
    let answer: web_sys::Response = answer.await.ok()?.unchecked_into();
    let text = answer.ok().then(|| answer.text().ok())??;
    JsFuture::from(text).await.ok()?.as_string()
}

/// A blob address for generated content.
pub(super) fn blob(kind: &str, content: &JsValue) -> Result<String, JsValue> {
    web_sys::Url::create_object_url_with_blob(&made(kind, content)?)
}

fn made(kind: &str, content: &JsValue) -> Result<web_sys::Blob, JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(content);
    web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)
}

/// Starts a download of generated content.
pub(super) fn download(name: &str, kind: &str, content: &JsValue) -> Result<(), JsValue> {
    save_blob(name, &made(kind, content)?)
}

/// Starts a download of a blob.
pub(super) fn save_blob(name: &str, blob: &web_sys::Blob) -> Result<(), JsValue> {
    let address = web_sys::Url::create_object_url_with_blob(blob)?;
    let anchor: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The click reads the address asynchronously, so it is revoked later.
    super::clock::Timeout::new(1_000, move || {
        let _ = web_sys::Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}
