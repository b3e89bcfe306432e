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
	/// Cursor for the next page; null if there are no further items yet.
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

/// Returns the size of a page for the requested size: at least 1, at most [`MAX_PAGE`].
pub fn page_size(limit: Option<u32>) -> u32 {
	limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)
}

/// Reads the cursor that a page has as its `next`. Any other text is an [`Error::BadCursor`].
pub fn cursor<Cursor: FromStr>(after: Option<String>) -> Result<Option<Cursor>, Error> {
	after.map(|text| text.parse()).transpose().map_err(|_| Error::BadCursor)
}
