//! See `depin_fuzz::decode_report`.
#![cfg_attr(fuzzing, no_main)]

depin_fuzz::target!(decode_report);
