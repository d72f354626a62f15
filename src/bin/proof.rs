//! The program that talks to a companion; see `loopscope_page::prove`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Receives a message of the page.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn hear(message: &JsValue) {
        loopscope_page::prove(message);
    }
}

fn main() {}
