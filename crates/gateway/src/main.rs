//! The `dsw-composer` program.

fn main() {}
