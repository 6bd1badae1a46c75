use dsw_model::descriptor::Describe;

#[derive(Default, Describe)]
struct Disk {
    /// Size of the disk.
    #[field(label = "Size")]
    size: Option<String>,
}

fn main() {}
