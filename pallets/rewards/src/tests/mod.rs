//! Tests by topic.

mod claims;
mod cost;
mod emission;
mod genesis;
mod governance;
mod invariants;
mod ledger;
mod properties;
mod reap;
mod views;
