//! The program that translates Python into scripts; see `loopscope_page::read_python`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Receives a request of the page.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn receive(request: &js_sys::Array) {
        loopscope_page::read_python(request);
    }
}

fn main() {}
