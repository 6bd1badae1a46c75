use dsw_model::descriptor::Describe;

/// A disk.
#[derive(Default, Describe)]
struct Disk(Option<String>);

fn main() {}
