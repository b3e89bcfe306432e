//! Feeless messages in the transaction pool: their priority and their refusals.

use crate::refusal::{Refusal, RefusalReason};
use sp_runtime::transaction_validity::{
	InvalidTransaction, TransactionLongevity, TransactionPriority, TransactionValidityError,
	ValidTransaction, ValidTransactionBuilder,
};

/// Priority of every feeless message: below that of any transaction that pays. The priority is
/// constant, because a copy of a message with a higher one could replace it in the pool.
pub const FEELESS_PRIORITY: TransactionPriority = 0;

/// Returns the admission of a feeless message to the pool for `longevity` blocks, after which the
/// pool asks the runtime again. The caller adds the pool tags: of two messages that share a tag the
/// pool holds one, whatever the extrinsic's nonce, tip and era are.
pub fn admission(kind: &'static str, longevity: TransactionLongevity) -> ValidTransactionBuilder {
	ValidTransaction::with_tag_prefix(kind)
		.priority(FEELESS_PRIORITY)
		.longevity(longevity)
		.propagate(true)
}

/// Returns the pool's error for a refused feeless message: `Custom error: N`, with the reason's
/// number.
///
/// A temporary reason is refused in the same way: the pool bans the same bytes for a while, which
/// costs a flood more than it costs a device whose node asks the runtime API first.
pub fn refused<Reason: RefusalReason>(refusal: Refusal<Reason>) -> TransactionValidityError {
	InvalidTransaction::Custom(refusal.reason.code()).into()
}
