use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk {
    /// Size of the disk.
    #[field(label = "Size")]
    size: Option<String>,
}

fn main() {
    assert_eq!(Disk::DESCRIPTOR.fields[0].wire, "size");
    assert_eq!(Disk::read(&serde_json::Map::new()).size, None);
}
