//! The entry point of what looks closer at a run; see `loopscope_page::answer`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Public, because nothing else is exported.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn answer(question: &[u8]) -> Vec<u8> {
        loopscope_page::answer(question)
    }
}

fn main() {}
