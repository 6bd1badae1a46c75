use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Describe)]
enum Disk {
    Small,
    Large,
}

fn main() {}
