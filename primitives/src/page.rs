//! Lists in pages.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Greatest number of items of a page, whatever is asked for.
pub const MAX_PAGE: u32 = 256;

/// Page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Page<T, Cursor> {
	/// Items: at most the number asked for, and at most [`MAX_PAGE`].
	pub items: Vec<T>,
	/// Cursor to ask the next page with; `None` on the last page.
	pub next: Option<Cursor>,
}

/// Reason why a list or record cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum LookupError {
	/// Number of no network.
	#[codec(index = 0)]
	UnknownNetwork,
	/// Number of no maker.
	#[codec(index = 1)]
	UnknownMaker,
	/// Index of no H3 cell.
	#[codec(index = 2)]
	NotACell,
	/// Id of no device.
	#[codec(index = 3)]
	UnknownDevice,
}

impl LookupError {
	/// Returns the advice to the caller.
	pub fn advice(self) -> &'static str {
		match self {
			Self::UnknownNetwork => "no network has this number: check the number",
			Self::UnknownMaker => "no maker has this number: check the number",
			Self::NotACell => "the index is not an H3 cell: check how the place was converted",
			Self::UnknownDevice => "no device has this id: check the id, or whether it was reaped",
		}
	}
}
