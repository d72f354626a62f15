//! The motion of the instances in the panel *Now*: after a step each name glides from its former
//! list to its new one.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::dom;

/// Shorter than a step of the playback.
const GLIDE_MS: f64 = 250.0;
/// The names of all lists.
const NAMES: &str = ".now [data-instance]";

#[wasm_bindgen]
extern "C" {
    /// By hand: web-sys has `animate` only among its unstable interfaces.
    #[wasm_bindgen(extends = Element)]
    type Animated;
    #[wasm_bindgen(method)]
    fn animate(this: &Animated, keyframes: &Array, duration_ms: f64) -> JsValue;
}

/// The place of each name: its instance, left and top in pixels.
pub(super) struct Places(Vec<(String, f64, f64)>);

impl Places {
    /// `None` if the reader prefers less motion.
    pub(super) fn now() -> Option<Self> {
        if dom::media_matches("(prefers-reduced-motion: reduce)") {
            return None;
        }
        let mut places = Vec::new();
        for_each_name(|element, instance| {
            let area = element.get_bounding_client_rect();
            places.push((instance, area.left(), area.top()));
        });
        Some(Self(places))
    }

    /// Lets each name that has moved glide to its new place.
    pub(super) fn glide(self) {
        for_each_name(|element, instance| {
            let Some((_, left, top)) = self.0.iter().find(|(name, ..)| *name == instance) else {
                return;
            };
            let area = element.get_bounding_client_rect();
            let (right, down) = ((left - area.left()) as i32, (top - area.top()) as i32);
            if (right, down) != (0, 0) {
                let from = Object::new();
                let offset = format!("translate({right}px, {down}px)");
                // Fails only for frozen objects.
                let _ = Reflect::set(&from, &"transform".into(), &offset.into());
                let element: &Animated = element.unchecked_ref();
                element.animate(&Array::of1(&from), GLIDE_MS);
            }
        });
    }
}

fn for_each_name(mut each: impl FnMut(&Element, String)) {
    let Ok(names) = dom::document().query_selector_all(NAMES) else {
        return;
    };
    for index in 0..names.length() {
        let name = names.item(index).map(JsCast::unchecked_into::<HtmlElement>);
        if let Some(name) = name {
            let instance = name.dataset().get("instance").unwrap_or_default();
            each(&name, instance);
        }
    }
}
