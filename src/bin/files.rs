//! The program that makes files for download; see `loopscope_page::file`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use wasm_bindgen::prelude::*;

    /// Answers an encoded request.
    // `pub`, because `wasm_bindgen` exports nothing else.
    #[expect(unreachable_pub)]
    #[wasm_bindgen]
    pub fn answer(message: &js_sys::Array) -> Vec<u8> {
        let bytes = |part| js_sys::Uint8Array::new(&part).to_vec();
        // Each part is removed once it is read: otherwise the trace would be in memory twice.
        let mut parts =
            std::iter::from_fn(|| (message.length() > 0).then(|| bytes(message.shift())));
        let request = parts.next().unwrap_or_default();
        loopscope_page::file(&request, parts)
    }
}

fn main() {}
