//! What the draft itself suggests for a field.

use dsw_model::path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};

use crate::draft::Draft;

/// The mount paths of the datasets that can back the working directory: neither OSS nor mounted at run time.
pub fn mounts(draft: &Draft) -> Vec<String> {
    let mut mounts = Vec::new();
    let Some(Draft::List(rows)) = draft.get(&path![Request::DATASETS]) else {
        return mounts;
    };
    for row in rows.iter() {
        let field = |field| row.get(&path![field]);
        let oss =
            matches!(field(Dataset::URI), Some(Draft::Text(uri)) if uri.starts_with("oss://"));
        let dynamic = field(Dataset::DYNAMIC) == Some(&Draft::Flag(true));
        if let Some(Draft::Text(path)) = field(Dataset::MOUNT_PATH)
            && !(oss || dynamic || path.is_empty() || mounts.contains(path))
        {
            mounts.push(path.clone());
        }
    }
    mounts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_datasets_that_stay_are_suggested() {
        let request = r#"{"Datasets":[
            {"Uri":"oss://a/","MountPath":"/mnt/oss"},
            {"Uri":"nas://a/","MountPath":"/mnt/nas"},
            {"DatasetId":"d-1","MountPath":"/mnt/data"},
            {"DatasetId":"d-2","MountPath":"/mnt/data"},
            {"DatasetId":"d-3","MountPath":"/mnt/dynamic/x","Dynamic":true},
            {"DatasetId":"d-4"},
            {"MountPath":5},
            7
        ]}"#;
        let draft = crate::import::import(request).expect("a request").draft;
        assert_eq!(mounts(&draft), ["/mnt/nas", "/mnt/data"]);
        assert!(mounts(&Draft::default()).is_empty());
    }
}
