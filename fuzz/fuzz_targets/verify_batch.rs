//! See `depin_fuzz::verify_batch`.
#![cfg_attr(fuzzing, no_main)]

depin_fuzz::target!(verify_batch);
