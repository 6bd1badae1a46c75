//! A Go program.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dsw_fuzz::check("package main\nbody := ", data, ""));
