#[dsw_model_derive::omit_unset]
enum Disk {
    Small,
    Large,
}

fn main() {}
