//! A call with curl as the prompt of Windows takes it.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("curl ^\n", data, ""));
