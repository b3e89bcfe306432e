//! The error's three faces: the primitive, the pallet's, the pool's.

use super::*;
use codec::Decode;
use sp_runtime::{DispatchError, ModuleError};

fn all() -> Vec<ReportError> {
	(0..=u8::MAX).filter_map(|code| ReportError::decode(&mut &[code][..]).ok()).collect()
}

#[test]
fn names_and_numbers_are_the_same_everywhere() {
	assert_eq!(all().len(), 27);
	for (code, error) in all().into_iter().enumerate() {
		let code = code as u8;
		assert_eq!((error.code(), error.encode()), (code, vec![code]));
		assert_eq!(format!("{:?}", Error::<Test>::from(error)), format!("{error:?}"));
		let DispatchError::Module(ModuleError { index, error: bytes, message }) =
			Error::<Test>::from(error).into()
		else {
			panic!("a pallet's error is a module's error")
		};
		assert_eq!((index, bytes), (2, [code, 0, 0, 0]));
		assert_eq!(message, Some(format!("{error:?}").as_str()));
		assert_eq!(
			depin_primitives::feeless::refused::<ReportError>(error.into()),
			TransactionValidityError::Invalid(InvalidTransaction::Custom(code))
		);
	}
}
