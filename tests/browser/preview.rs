//! The preview is the body, whatever was imported and however it was edited.

use dsw_form::draft::{Draft, ROOT};
use dsw_form::edit::Edit;
use dsw_form::print;
use dsw_model::path;
use dsw_model::request::{CreateInstanceRequest as Request, Dataset};
use leptos::prelude::untrack;
use serde_json::{Map, Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, settle};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn text(&mut self) -> String {
        const ODD: [&str; 8] = ["a", "<b>", "&amp;", "\"", "\\", "\n", "\u{2028}", "\": {"];
        (0..self.roll(6))
            .map(|_| ODD[self.roll(ODD.len())])
            .collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.roll(if depth == 0 { 5 } else { 7 }) {
            0 => json!(self.text()),
            1 => json!(self.roll(1000)),
            2 => json!(true),
            3 => json!(-1.5),
            4 => Value::Null,
            5 => (0..self.roll(5)).map(|_| self.value(depth - 1)).collect(),
            _ => Value::Object(self.members(depth - 1)),
        }
    }

    fn members(&mut self, depth: usize) -> Map<String, Value> {
        const NAMES: [&str; 9] = [
            "WorkspaceId",
            "InstanceName",
            "Priority",
            "UserVpc",
            "VpcId",
            "MountPath",
            "Unknown",
            "<i>",
            "ExtendedCIDRs",
        ];
        let count = self.roll(6);
        let mut members = Map::new();
        for _ in 0..count {
            members.insert(NAMES[self.roll(NAMES.len())].to_owned(), self.value(depth));
        }
        members
    }

    fn request(&mut self) -> Value {
        let mut request = self.members(3);
        let rows = self.roll(200);
        let rows: Vec<Value> = (0..rows).map(|_| Value::Object(self.members(1))).collect();
        request.insert("Datasets".to_owned(), Value::Array(rows));
        Value::Object(request)
    }
}

/// Checks that what is shown is the body, to the byte; the last line may end in a line break.
fn check(page: &Page, when: &str) {
    let body = untrack(|| page.state.with_draft(|draft| print::pretty(&draft.body())));
    assert_eq!(page.preview().trim_end_matches('\n'), body, "{when}");
}

#[wasm_bindgen_test]
async fn any_import_is_shown_as_its_body() {
    let page = Page::new();
    let mut dice = Dice(1);
    for n in 0..40 {
        page.import(&dice.request().to_string()).await;
        check(&page, &format!("import {n}"));
    }
}

#[wasm_bindgen_test]
async fn any_edit_is_shown_as_its_body() {
    let page = Page::new();
    let mut dice = Dice(2);
    for n in 0..300 {
        let state = page.state;
        let rows = untrack(|| {
            state.with_draft(|draft| {
                draft
                    .get(&path![Request::DATASETS])
                    .map_or(0, Draft::row_count)
            })
        });
        let at = dice.roll(rows + 1);
        let text = dice.text();
        let done = match dice.roll(8) {
            0 | 1 => {
                let value = dice.value(2);
                let draft = dsw_form::import::draft_from_json(
                    path![Request::DATASETS, 0]
                        .kind(ROOT)
                        .expect("a row has a kind"),
                    value,
                );
                state.edit(
                    &path![Request::DATASETS],
                    Edit::Insert(at, String::new(), draft),
                )
            }
            2 => state.edit(&path![Request::DATASETS], Edit::Remove(at)),
            3 => state.edit(
                &path![Request::DATASETS],
                Edit::Move(at, dice.roll(rows + 1)),
            ),
            4 => state.edit(
                &path![Request::DATASETS, at, Dataset::URI],
                Edit::Text(text),
            ),
            5 => state.edit(&path![Request::INSTANCE_NAME], Edit::Text(text)),
            6 => state.step(true).is_some(),
            _ if n % 20 == 0 => {
                page.import(&dice.request().to_string()).await;
                true
            }
            _ => state.step(false).is_some(),
        };
        if done {
            settle().await;
            check(&page, &format!("edit {n}"));
        }
    }
}

#[wasm_bindgen_test]
async fn lines_bear_the_marks_of_their_findings() {
    let page = Page::with(r#"{"InstanceName":"a-b","WorkspaceId":"1"}"#).await;
    let marked = || {
        let lines = page.all(".code-line[data-tone=error]");
        lines
            .iter()
            .map(|line| line.text_content().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    assert_eq!(marked(), ["  \"InstanceName\": \"a-b\"\n"]);
    page.enter("InstanceName", "ab").await;
    assert_eq!(marked(), Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn lines_are_numbered_across_blocks() {
    let rows: Vec<Value> = (0..100)
        .map(|n| json!({"DatasetId": format!("d-{n}")}))
        .collect();
    let page = Page::with(&json!({"Datasets": rows}).to_string()).await;
    let check = |blocks: usize, lines: usize| {
        let all = page.all(".code-chunk");
        assert!(all.len() >= blocks, "{} blocks", all.len());
        let mut next = 1;
        for block in &all {
            let numbers = block.get_attribute("data-numbers").unwrap_or_default();
            let count = block.child_element_count() as usize;
            let wanted: Vec<_> = (next..next + count).map(|line| line.to_string()).collect();
            assert_eq!(numbers.lines().collect::<Vec<_>>(), wanted);
            next += count;
        }
        assert_eq!(next - 1, lines);
    };
    // Three lines to a row, and four around them.
    check(4, 304);
    // Lines that come and go number those behind them.
    page.enter("InstanceName", "a").await;
    check(4, 305);
    page.press("[id=\"Datasets[1]-row\"] [aria-label=\"Delete dataset 2\"]")
        .await;
    check(4, 302);
    page.enter("InstanceName", "").await;
    check(4, 301);
}
