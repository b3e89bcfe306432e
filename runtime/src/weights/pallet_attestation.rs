//! Provisional.
#![allow(missing_docs)]
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
pub struct WeightInfo<T>(PhantomData<T>);
impl<T: frame_system::Config> pallet_attestation::WeightInfo for WeightInfo<T> {
	fn report(_r: u32) -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn authorize_report(_r: u32) -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn submit_report(_r: u32) -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn submit_reports(n: u32) -> Weight {
		Weight::from_parts(300_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 5))
			.saturating_mul(n.into())
	}
	fn submit_reports_together(n: u32) -> Weight {
		Weight::from_parts(300_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 5))
			.saturating_mul(n.into())
	}
	fn register_metric() -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn update_metric() -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn remove_metric() -> Weight {
		Weight::from_parts(300_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 5))
	}
	fn prune(n: u32) -> Weight {
		Weight::from_parts(300_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 5))
			.saturating_mul(n.into())
	}
}
