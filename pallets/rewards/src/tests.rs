//! Tests of the pallet, by topic. Each ends with the check of the invariants.

mod claims;
mod cost;
mod emission;
mod escrow;
mod former;
mod funding;
mod genesis;
mod governance;
mod invariants;
mod ledger;
mod payouts;
mod properties;
mod reap;
mod views;
