//! The entry point of what reads Python; see `loopscope_page::read_python`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Public, because nothing else is exported.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn answer(question: &[u8]) -> Vec<u8> {
        loopscope_page::read_python(question)
    }
}

fn main() {}
