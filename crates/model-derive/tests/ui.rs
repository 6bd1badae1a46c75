//! Misuse is a compile error with a useful message, and `accepted/disk.rs` is what every case departs from.
//!
//! `TRYBUILD=overwrite cargo test -p dsw-model-derive` writes the messages anew; read them before they are
//! committed.

#[test]
fn misuse_is_refused_where_it_stands() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/accepted/*.rs");
    cases.compile_fail("tests/ui/refused/*.rs");
}
