use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk {
    /// Id of the disk.
    #[field(label = "Disk", shape = Uuid)]
    id: Option<String>,
}

fn main() {}
