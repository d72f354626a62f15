//! The entry point of the page, and of its worker, which is the same program.

fn main() {
    #[cfg(target_arch = "wasm32")]
    loopscope_page::start();
}
