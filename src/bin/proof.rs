//! The program that talks to a companion; see `loopscope_page::run_for_real`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Receives a request of the page.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn receive(request: &js_sys::Array) {
        loopscope_page::run_for_real(request);
    }
}

fn main() {}
