//! What the service says of an instance.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check(
    "{\"InstanceId\": \"dsw-1\", \"Status\": \"Running\", ",
    data,
    "}"
));
