//! The page, and its simulation worker: both load the same program.

fn main() {
    #[cfg(target_arch = "wasm32")]
    loopscope_page::start();
}
