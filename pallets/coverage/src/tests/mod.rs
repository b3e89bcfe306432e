//! Tests, by topic.

mod clock;
mod lifecycle;
mod refusals;
mod try_state;
mod units;
mod verdicts;
