//! The entry point of what reads Python; see `loopscope::web::read_python`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Public, because nothing else is exported.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn read(source: &str, language: &str) -> String {
        loopscope::web::read_python(source, language)
    }
}

fn main() {}
