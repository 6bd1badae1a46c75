#[dsw_model_derive::omit_unset(all)]
struct Disk {
    size: Option<String>,
}

fn main() {}
