//! A template of ROS.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check(
    "{\"Parameters\": {\"P\": {\"Type\": \"String\"}}, \"Resources\": {\"A\": {\"Type\": \"ALIYUN::PaiDswApi::Instance\", \"Properties\": {",
    data
));
