//! A call of the aliyun CLI.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check(
    "aliyun pai-dsw create-instance ",
    data,
    ""
));
