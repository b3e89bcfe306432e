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
