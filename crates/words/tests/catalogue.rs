//! prints
use dsw_model::descriptor::{Choices, Kind, StructDescriptor};

fn walk(d: &StructDescriptor, all: &mut Vec<(&'static str, &'static str)>) {
    for field in d.fields {
        for (w, t) in [
            ("label", field.label),
            ("help", field.help),
            ("unit", field.unit),
        ] {
            if !t.is_empty() && !all.iter().any(|(_, o)| *o == t) {
                all.push((w, t));
            }
        }
        match field.choices {
            Choices::Free => {}
            Choices::Closed(c) | Choices::Open(c) => {
                for choice in c {
                    if !choice.label.is_empty() {
                        all.push(("choice", choice.label));
                    }
                }
            }
        }
        let mut kind = field.kind;
        loop {
            match kind {
                Kind::List(k) | Kind::Map(k) => kind = *k,
                Kind::Struct(d) => {
                    walk(d, all);
                    break;
                }
                _ => break,
            }
        }
    }
}

#[test]
fn print() {
    use dsw_model::descriptor::Describe as _;
    let mut all = Vec::new();
    walk(
        &dsw_model::request::CreateInstanceRequest::DESCRIPTOR,
        &mut all,
    );
    for (w, t) in all {
        println!("@{w}\t{t}");
    }
}
