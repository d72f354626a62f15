//! Text to [`Workload`](crate::workload::Workload) and diagnostics.
