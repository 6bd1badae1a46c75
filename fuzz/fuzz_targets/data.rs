//! JSON as people write it.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("", data, ""));
