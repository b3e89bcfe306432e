//! Lists in pages.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// The most items that a page holds, whatever is asked for.
pub const MAX_PAGE: u32 = 256;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Page<T, Cursor> {
	/// At most the number asked for, and at most [`MAX_PAGE`].
	pub items: Vec<T>,
	/// What to ask the next page after; `None` on the last page.
	pub next: Option<Cursor>,
}

/// Why a list cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum LookupError {
	/// No network has this number: check it.
	#[codec(index = 0)]
	UnknownNetwork,
	/// No maker has this number: check it.
	#[codec(index = 1)]
	UnknownMaker,
	/// The index is not an H3 cell: check how the place was converted.
	#[codec(index = 2)]
	NotACell,
	/// No device has this id: check it.
	#[codec(index = 3)]
	UnknownDevice,
}

impl LookupError {
	/// What the caller should do.
	pub fn advice(self) -> &'static str {
		match self {
			Self::UnknownNetwork => "no network has this number: check the number",
			Self::UnknownMaker => "no maker has this number: check the number",
			Self::NotACell => "the index is not an H3 cell: check how the place was converted",
			Self::UnknownDevice => "no device has this id: check the id, or whether it was reaped",
		}
	}
}
