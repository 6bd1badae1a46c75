//! A TypeScript program.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("const body = ", data, ""));
