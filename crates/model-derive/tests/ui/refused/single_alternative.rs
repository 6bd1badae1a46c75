use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
#[describe(alternatives("size"))]
struct Disk {
    /// Size of the disk.
    #[field(label = "Size")]
    size: Option<String>,
}

fn main() {}
