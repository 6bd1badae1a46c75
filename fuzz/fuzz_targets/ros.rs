//! A template of ROS.

#![no_main]

/// What stands around the properties of an instance.
const BEGIN: &str = r#"{"Parameters": {"P": {"Type": "String"}}, "Resources": {"A": {
    "Type": "ALIYUN::PaiDswApi::Instance", "Properties": {"#;

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check(BEGIN, data, "}}}}"));
