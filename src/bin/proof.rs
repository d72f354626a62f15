//! The entry point of what talks to a companion; see `loopscope_page::prove`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Public, because nothing else is exported.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn hear(message: &JsValue) {
        loopscope_page::prove(message);
    }
}

fn main() {}
