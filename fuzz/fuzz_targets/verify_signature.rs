//! See `depin_fuzz::verify_signature`.
#![cfg_attr(fuzzing, no_main)]

depin_fuzz::target!(verify_signature);
