use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk {
    #[field(label = "Size")]
    size: Option<String>,
}

fn main() {}
