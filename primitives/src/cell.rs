//! Places on Earth, as H3 cells (<https://h3geo.org>).

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// H3 index of 64 bits. A value of this type may be invalid: see [`Cell::check`].
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Cell(pub u64);

/// Reason why an index is not the required cell.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum InvalidCell {
	/// Index of no H3 cell.
	NotACell,
	/// Cell of another resolution than the required one.
	WrongResolution,
}

impl Cell {
	/// Checks that this is a cell of this resolution (0 to 15).
	pub fn check(self, resolution: u8) -> Result<(), InvalidCell> {
		let cell = self.index().ok_or(InvalidCell::NotACell)?;
		if cell.resolution() as u8 == resolution {
			Ok(())
		} else {
			Err(InvalidCell::WrongResolution)
		}
	}

	/// Tells if an H3 cell has this index.
	pub fn is_valid(self) -> bool {
		self.index().is_some()
	}

	/// Returns the number of cells between this one and `other`, of the same resolution: 0 for
	/// itself, 1 for a neighbour. Returns `None` if either is no cell, if the resolutions differ,
	/// or if H3's grid has no common coordinates for the two, because they are very far apart or a
	/// pentagon lies between them. Uses integer arithmetic only.
	pub fn grid_distance(self, other: Self) -> Option<u32> {
		let distance = self.index()?.grid_distance(other.index()?).ok()?;
		u32::try_from(distance).ok()
	}

	/// Returns the cell of a coarser (or the same) resolution that contains this one.
	pub fn parent(self, resolution: u8) -> Option<Self> {
		let resolution = h3o::Resolution::try_from(resolution).ok()?;
		self.index()?.parent(resolution).map(|cell| Self(cell.into()))
	}

	/// Returns the cells that border on this one: six, or five around a pentagon; none if this is
	/// no cell.
	pub fn ring(self) -> impl Iterator<Item = Self> {
		let disk: Vec<_> = self.index().map(|cell| cell.grid_disk(1)).unwrap_or_default();
		disk.into_iter().map(|cell| Self(cell.into())).filter(move |cell| *cell != self)
	}

	fn index(self) -> Option<h3o::CellIndex> {
		h3o::CellIndex::try_from(self.0).ok()
	}
}

impl fmt::Debug for Cell {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:x}", self.0)
	}
}

impl fmt::Display for Cell {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:x}", self.0)
	}
}

/// JSON: H3's own text form, the index in hexadecimal without prefix (one is accepted).
#[cfg(feature = "serde")]
mod json {
	use super::Cell;
	use alloc::{format, string::String};
	use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

	impl Serialize for Cell {
		fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
			serializer.collect_str(self)
		}
	}

	impl<'de> Deserialize<'de> for Cell {
		fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
			let text = String::deserialize(deserializer)?;
			let digits = text.strip_prefix("0x").unwrap_or(&text);
			u64::from_str_radix(digits, 16)
				.map(Self)
				.map_err(|e| D::Error::custom(format!("not an H3 index in hexadecimal: {e}")))
		}
	}
}
