use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, serde::Deserialize, Describe)]
#[serde(rename_all = "snake_case")]
struct Disk {
    /// Size of the disk.
    #[field(label = "Size")]
    size: Option<String>,
}

fn main() {}
