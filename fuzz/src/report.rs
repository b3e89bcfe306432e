//! Target `decode_report`: reports in the form that an extrinsic carries.

use codec::{Decode, Encode, MaxEncodedLen};
use depin_primitives::{
	network::NetworkKind,
	policy::ReportPolicy,
	report::{readings_root, summarize, Readings, ReportError, SignedReport},
};
use serde::{de::DeserializeOwned, Serialize};
use std::fmt::Debug;

/// Reads a signed report and its inline readings, which may be missing. Accepts the bytes if no
/// others follow, and the report passes the checks of its form and of its readings.
pub fn decode_report(bytes: &[u8]) -> bool {
	let mut rest = bytes;
	let Ok((signed, readings)) = <(SignedReport, Option<Readings>)>::decode(&mut rest) else {
		return false;
	};
	let read = &bytes[..bytes.len() - rest.len()];
	assert_eq!((&signed, &readings).encode(), read, "a report has one encoding");
	assert!(read.len() <= <(SignedReport, Option<Readings>)>::max_encoded_len());
	same_after_json(&signed);
	same_after_json(&readings);

	let SignedReport { report, .. } = signed;
	let form = report.check_form();
	let of_readings = report.check_readings(readings.as_ref());
	if let (Some(readings), Ok(())) = (&readings, of_readings) {
		assert!(report.flags.is_inline());
		assert_eq!(summarize(readings).as_ref(), Some(&report.metrics));
		assert_eq!(readings_root(readings), report.readings_root);
		let others =
			[ReportError::UnknownFlags, ReportError::NotInline, ReportError::DigestsOutOfOrder];
		assert!(
			form.is_ok()
				|| report.window_end <= report.window_start
				|| form.is_err_and(|refusal| others.contains(&refusal.reason)),
			"readings that match their summaries imply a valid form: {form:?}"
		);
	}

	for max_work_per_hour in [0, 1, report.work, u64::MAX] {
		let policy = ReportPolicy {
			max_work_per_hour,
			min_interval: 0,
			max_window: 0,
			max_age: 0,
			max_skew: 0,
		};
		let credited = report.capped_work(NetworkKind::Compute, &policy, 0);
		assert!(credited <= report.work);
		assert_eq!(
			report.capped_work(NetworkKind::Compute, &policy, report.window_start),
			credited
		);
		assert_eq!(report.capped_work(NetworkKind::Compute, &policy, report.window_end), 0);
	}
	rest.is_empty() && form.is_ok() && of_readings.is_ok()
}

fn same_after_json<T>(value: &T)
where
	T: Serialize + DeserializeOwned + PartialEq + Debug,
{
	let json = serde_json::to_string(value).expect("the value has a JSON form");
	assert_eq!(
		&serde_json::from_str::<T>(&json).expect("the value is read from its own JSON"),
		value
	);
}
