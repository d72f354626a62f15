//! The program that makes files for download; see `loopscope_page::make_file`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Receives a request of the page.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn receive(request: &js_sys::Array) {
        loopscope_page::make_file(request);
    }
}

fn main() {}
