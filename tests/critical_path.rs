//! The critical path of any program is contiguous and adds up to the total.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use model::time::SimTime;
use model::trace::Spans;
use model::trace::critical::critical_path;
use sim::simulate;
use support::generate;

#[test]
fn its_pieces_are_contiguous_from_zero_to_the_end() {
    for seed in 0..2_000 {
        let (workload, text) = generate::anything(seed);
        let trace = simulate(&workload);
        let mut at = SimTime::ZERO;
        for piece in critical_path(&trace, &Spans::of(&trace)) {
            assert_eq!(piece.start, at, "seed {seed}\n{text}");
            assert!(piece.end > piece.start, "seed {seed}\n{text}");
            at = piece.end;
        }
        assert_eq!(at, trace.end, "seed {seed}\n{text}");
    }
}
