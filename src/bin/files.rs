//! The entry point of what makes files for download; see `loopscope::web::file`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Public, because nothing else is exported.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn file(
        kind: &str,
        script: &str,
        trace: &[u8],
        by_thread: bool,
        language: &str,
    ) -> Option<String> {
        loopscope::web::file(kind, script, trace, by_thread, language)
    }
}

fn main() {}
