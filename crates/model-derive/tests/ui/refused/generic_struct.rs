use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk<T> {
    /// Size of the disk.
    #[field(label = "Size")]
    size: Option<T>,
}

fn main() {}
