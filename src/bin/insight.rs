//! The program that analyses a run; see `loopscope_page::answer`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Answers an encoded question.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn answer(question: &[u8]) -> Vec<u8> {
        loopscope_page::answer(question)
    }
}

fn main() {}
