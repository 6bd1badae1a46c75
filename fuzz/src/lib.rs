//! What holds for every text that is read, however it was made.

use dsw_form::import::anything::{MAX_DOCUMENTS, read};
use dsw_form::import::import;
use dsw_form::print;

/// Reads a text that begins and ends as the importer's texts do.
///
/// # Panics
///
/// If what was found is not a request that can be sent and read again.
pub fn check(begin: &str, data: &[u8], end: &str) {
    let Ok(rest) = std::str::from_utf8(data) else {
        return;
    };
    let text = [begin, rest, end].concat();
    let Ok(documents) = read(&text) else {
        return;
    };
    assert!(!documents.is_empty() && documents.len() <= MAX_DOCUMENTS);
    for document in documents {
        let body = document.import.draft.body();
        let again = import(&print::pretty(&body)).expect("a body that is made is JSON");
        assert_eq!(again.draft.body(), body, "it is read as it was made");
        assert!(
            document
                .repaired
                .is_sorted_by_key(|repair| (repair.line, repair.column))
        );
        assert!(
            document
                .repaired
                .iter()
                .all(|repair| repair.line > 0 && repair.column > 0)
        );
    }
}
