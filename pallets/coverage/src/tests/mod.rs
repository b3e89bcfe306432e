//! Tests, by topic.

mod clock;
mod lifecycle;
mod refusals;
mod units;
mod verdicts;
