//! Errors of the index.

use super::block::BlockRef;
use std::{io, path::PathBuf};

/// Error of the index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
	/// Error of the database.
	#[error("database: {0}")]
	Database(#[from] sqlx::Error),
	/// Error of the file system on this path.
	#[error("{0}: {1}")]
	File(PathBuf, io::Error),
	/// Error of the client.
	#[error("client: {0}")]
	Client(#[from] sp_blockchain::Error),
	/// Error of the runtime.
	#[error("runtime: {0}")]
	Runtime(#[from] sp_api::ApiError),
	/// Finalized block that the client does not know.
	#[error("block {0} is final and unknown")]
	UnknownBlock(u32),
	/// Block that does not follow the last indexed one.
	#[error("block {found:?} cannot follow block {cursor:?}")]
	OutOfOrder {
		/// Block that was to be indexed.
		found: BlockRef,
		/// Last indexed block.
		cursor: BlockRef,
	},
	/// Block with more events than [`event_at`](super::cursor::event_at) can number.
	#[error("more events than one block can hold")]
	TooManyEvents,
	/// Row that this version of the index did not write.
	#[error("a row cannot be read: {0}")]
	BadRow(&'static str),
	/// Database of another chain or version in the place of the one that was just created: another
	/// process writes the same file.
	#[error("the file is in another process's hands")]
	Foreign,
}

impl Error {
	/// Tells if the file is damaged, or no database at all.
	pub(super) fn is_damage(&self) -> bool {
		const CORRUPT: i64 = 11;
		const NOT_A_DATABASE: i64 = 26;
		let Self::Database(sqlx::Error::Database(e)) = self else { return false };
		let code = e.code().and_then(|code| code.parse::<i64>().ok());
		// The low byte is the primary result code; the other bytes only refine it.
		code.is_some_and(|code| matches!(code & 0xff, CORRUPT | NOT_A_DATABASE))
	}
}
