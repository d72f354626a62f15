//! The program that translates Python into scripts; see `loopscope_page::read_python`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Answers an encoded question.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn answer(question: &[u8]) -> Vec<u8> {
        loopscope_page::read_python(question)
    }
}

fn main() {}
