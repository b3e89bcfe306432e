//! Tests of the pallet, by topic. Each ends with the check of the invariants.

mod clock;
mod facts;
mod lifecycle;
mod refusals;
mod try_state;
mod units;
mod verdicts;
