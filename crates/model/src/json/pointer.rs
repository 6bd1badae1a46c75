//! JSON Pointers (RFC 6901), such as `/Datasets/0/MountPath`.

/// Leads a pointer on, to a member of this name or an item of this number.
pub fn push(pointer: &mut String, part: &str) {
    pointer.push('/');
    pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
}

/// The names and numbers that a pointer leads through.
pub fn parts(pointer: &str) -> impl Iterator<Item = String> {
    let parts = pointer.split('/').skip(1);
    parts.map(|part| part.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_is_read_again() {
        let names = ["a", "", "a/b", "~1", "~01", "0"];
        let mut pointer = String::new();
        for name in names {
            push(&mut pointer, name);
        }
        assert_eq!(pointer, "/a//a~1b/~01/~001/0");
        assert_eq!(parts(&pointer).collect::<Vec<_>>(), names);
        assert_eq!(parts("").count(), 0, "the whole");
    }
}
