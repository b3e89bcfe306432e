//! The programs of `examples/`: each must run to its end without an error.

#[allow(dead_code, reason = "`main` is called in the program only")]
#[path = "../examples/provision.rs"]
mod provision;
#[allow(dead_code, reason = "`main` is called in the program only")]
#[path = "../examples/report.rs"]
mod report;
#[allow(dead_code, reason = "`main` is called in the program only")]
#[path = "../examples/rotate_key.rs"]
mod rotate_key;
#[allow(dead_code, reason = "`main` is called in the program only")]
#[path = "../examples/verify_reading.rs"]
mod verify_reading;

#[test]
fn example_provision_runs() {
	provision::run().unwrap();
}

#[test]
fn example_report_runs() {
	report::run().unwrap();
}

#[test]
fn example_rotate_key_runs() {
	rotate_key::run().unwrap();
}

#[test]
fn example_verify_reading_runs() {
	verify_reading::run().unwrap();
}
