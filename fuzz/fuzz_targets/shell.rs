//! A script.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("#!/bin/bash\n", data, ""));
