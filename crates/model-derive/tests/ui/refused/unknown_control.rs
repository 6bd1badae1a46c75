use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk {
    /// Size of the disk.
    #[field(label = "Size", control = Scirpt)]
    size: Option<String>,
}

fn main() {}
