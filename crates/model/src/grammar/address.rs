//! Folders of the instance, and addresses of storage.

/// Whether the text can be a folder of the instance: it begins with `/`, has no white space and no part `..`.
pub fn is_mount_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.contains(char::is_whitespace)
        && !text.split('/').any(|part| part == "..")
}

/// The path without slashes at its end, which make no other folder of it. The root is the empty text.
pub fn without_slash(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The folders that the path lies in, the nearest first, without slashes at their ends.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(without_slash(path)), |folder| parent(folder))
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/')
        .map(|(folder, _)| without_slash(folder))
}

/// The kind of storage that an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Object storage: `oss://`.
    Oss,
    /// File storage: `nas://`, `cpfs://` or `bmcpfs://`.
    Files,
}

/// The kind of storage that the scheme of an address names; capitals count.
pub fn scheme(address: &str) -> Option<Scheme> {
    match address.split_once("://")?.0 {
        "oss" => Some(Scheme::Oss),
        "nas" | "cpfs" | "bmcpfs" => Some(Scheme::Files),
        _ => None,
    }
}

/// The host in an OSS address: bucket and endpoint, or the bucket alone.
pub fn oss_host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("oss://")?;
    rest.split('/').next()
}

/// The region that the endpoint of an OSS address names: `cn-shanghai` in
/// `oss://bucket.oss-cn-shanghai-internal.aliyuncs.com/…`.
pub fn oss_region(address: &str) -> Option<&str> {
    let host = oss_host(address)?.strip_suffix(".aliyuncs.com")?;
    // The first part is the name of the bucket, which is free.
    let endpoint = host
        .split('.')
        .skip(1)
        .find_map(|part| part.strip_prefix("oss-"))?;
    let region = endpoint.strip_suffix("-internal").unwrap_or(endpoint);
    super::is_region(region).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_paths() {
        for accepted in ["/", "/mnt/data", "/mnt/data/", "/mnt/..data", "/mnt/数据"] {
            assert!(is_mount_path(accepted), "{accepted:?}");
        }
        for refused in [
            "",
            "mnt/data",
            " /mnt",
            "/mnt/a b",
            "/mnt/../etc",
            "/..",
            "/mnt\n",
        ] {
            assert!(!is_mount_path(refused), "{refused:?}");
        }
    }

    #[test]
    fn folders_around() {
        for (path, folders) in [
            ("/mnt/data/a/", &["/mnt/data", "/mnt", ""][..]),
            ("/mnt//a", &["/mnt", ""]),
            ("/mnt", &[""]),
            ("/", &[]),
            ("", &[]),
            ("a/b", &["a"]),
        ] {
            assert_eq!(ancestors(path).collect::<Vec<_>>(), folders, "{path:?}");
        }
    }

    #[test]
    fn schemes() {
        for (address, known) in [
            ("oss://bucket/", Some(Scheme::Oss)),
            ("nas://id.cn-hangzhou/", Some(Scheme::Files)),
            ("cpfs://id/", Some(Scheme::Files)),
            ("bmcpfs://id/", Some(Scheme::Files)),
            ("OSS://bucket/", None),
            (" oss://bucket/", None),
            ("https://bucket/", None),
            ("oss:/bucket/", None),
            ("/mnt/data", None),
            ("", None),
        ] {
            assert_eq!(scheme(address), known, "{address:?}");
        }
    }

    #[test]
    fn oss_regions() {
        for (address, host, region) in [
            (
                "oss://b.oss-cn-shanghai-internal.aliyuncs.com/data/",
                Some("b.oss-cn-shanghai-internal.aliyuncs.com"),
                Some("cn-shanghai"),
            ),
            (
                "oss://b.oss-ap-southeast-1.aliyuncs.com",
                Some("b.oss-ap-southeast-1.aliyuncs.com"),
                Some("ap-southeast-1"),
            ),
            (
                "oss://oss-us-team.oss-cn-beijing.aliyuncs.com/",
                Some("oss-us-team.oss-cn-beijing.aliyuncs.com"),
                Some("cn-beijing"),
            ),
            (
                "oss://b.oss-accelerate.aliyuncs.com/",
                Some("b.oss-accelerate.aliyuncs.com"),
                None,
            ),
            (
                "oss://b.example.com/oss-cn-beijing/",
                Some("b.example.com"),
                None,
            ),
            ("oss://bucket/data/", Some("bucket"), None),
            ("oss://", Some(""), None),
            ("nas://id.cn-hangzhou/", None, None),
        ] {
            assert_eq!(oss_host(address), host, "{address:?}");
            assert_eq!(oss_region(address), region, "{address:?}");
        }
    }
}
