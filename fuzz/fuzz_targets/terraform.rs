//! A Terraform configuration.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("locals {\ndsw_body = ", data, ""));
