//! Pages of lists: their size, their cursors, and the pages that the index gives.

use super::errors::Error;
use crate::index::Extent;
use depin_primitives::page::MAX_PAGE;
use serde::Serialize;
use std::str::FromStr;

/// Page of a list from the index.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexPage<T, Cursor> {
	/// Items, in order.
	pub items: Vec<T>,
	/// Cursor to ask the next page with; null if there is no more yet.
	pub next: Option<Cursor>,
	/// Range of blocks that the index covers.
	#[serde(flatten)]
	pub extent: Extent,
}

impl<T, Cursor> IndexPage<T, Cursor> {
	/// Makes a page of the items, the next cursor and the extent that the index gives.
	pub fn new((items, next, extent): (Vec<T>, Option<Cursor>, Extent)) -> Self {
		Self { items, next, extent }
	}
}

/// Returns the size of a page for the size that was asked for.
pub fn page_size(limit: Option<u32>) -> u32 {
	limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)
}

/// Reads the cursor that a page gave as its `next`.
pub fn cursor<Cursor: FromStr>(after: Option<String>) -> Result<Option<Cursor>, Error> {
	after.map(|text| text.parse()).transpose().map_err(|_| Error::BadCursor)
}
