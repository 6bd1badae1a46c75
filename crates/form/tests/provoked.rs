//! The bodies by which `tests/end_to_end/rules.test.mjs` provokes each rule on the page and mends it there: that
//! they are complete, and that the page is asked for what the review says.

use std::collections::BTreeSet;

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::import::import;
use dsw_form::review::{is_missing, review};
use dsw_model::path::Path;
use dsw_model::reference::WITH_FIX;
use dsw_model::rules::{self, Context};
use serde_json::Value;

/// Rules that say nothing without knowledge from elsewhere. `tests/browser/known.rs` provokes them.
const FROM_ELSEWHERE: [&str; 6] = ["R15", "R16", "R41", "R105", "R107", "R108"];

fn cases() -> Vec<Value> {
    let text = include_str!("../../../tests/end_to_end/fixtures/rules.json");
    serde_json::from_str(text).expect("a list of cases")
}

fn id(case: &Value) -> &str {
    case["id"].as_str().expect("an id")
}

#[test]
fn every_rule_is_provoked_and_every_fix_made() {
    let cases = cases();
    let mut provoked: BTreeSet<_> = cases.iter().map(id).collect();
    assert_eq!(provoked.len(), cases.len(), "each has one case");
    for id in FROM_ELSEWHERE {
        assert!(provoked.insert(id), "{id} needs no knowledge");
    }
    assert_eq!(provoked, rules::ids());
    let fixed = cases.iter().filter(|case| case.get("mended").is_some());
    let fixed: BTreeSet<_> = fixed.map(id).collect();
    let with_fix = WITH_FIX.iter().copied();
    let with_fix = with_fix.filter(|id| !FROM_ELSEWHERE.contains(id));
    assert_eq!(fixed, with_fix.collect());
}

#[test]
fn the_page_is_asked_for_what_the_review_says() {
    for case in cases() {
        let id = id(&case);
        let draft = import(&case["body"].to_string()).expect("a request").draft;
        let found = |draft: &Draft| {
            let all = review(draft, &Context::default()).diagnostics;
            let here = |path: &Path| case["at"] == path.name(ROOT);
            all.into_iter()
                .find(|found| found.code == id && found.paths.iter().any(here))
        };
        let first = found(&draft).unwrap_or_else(|| panic!("{case} breaks no {id}"));
        assert_eq!(
            case.get("missing").is_some(),
            is_missing(&draft, &first),
            "{case}"
        );
        let mended = first.fix.as_ref().map(|fix| {
            let mut mended = draft.clone();
            mended.apply(&Path::ROOT, Edit::from_fix(fix));
            assert_eq!(found(&mended), None, "{case}");
            mended.body()
        });
        assert_eq!(mended.as_ref(), case.get("mended"), "{case}");
    }
}
