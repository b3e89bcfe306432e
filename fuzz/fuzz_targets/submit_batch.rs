//! See `depin_fuzz::submit_batch`.
#![cfg_attr(fuzzing, no_main)]

depin_fuzz::target!(submit_batch);
