//! The entry point of the page's worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    loopscope::web::start_worker();
}
