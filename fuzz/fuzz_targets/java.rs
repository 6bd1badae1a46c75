//! A Java program.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check(
    "CreateInstanceRequest request = new ",
    data,
    ""
));
