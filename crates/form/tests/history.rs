//! Undo and redo, step by step.

use std::sync::Arc;

use dsw_form::draft::Draft;
use dsw_form::edit::Edit;
use dsw_form::history::History;
use dsw_form::import::import;
use dsw_model::path;
use dsw_model::path::Path;
use dsw_model::request::{CreateInstanceRequest as Request, UserVpc};

struct Editor {
    draft: Draft,
    history: History,
}

impl Editor {
    fn new(json: &str) -> Self {
        Self {
            draft: import(json).expect("a request").draft,
            history: History::default(),
        }
    }

    fn edit(&mut self, path: Path, edit: Edit) -> bool {
        self.history.apply(&mut self.draft, &path, edit)
    }

    fn type_into(&mut self, path: &Path, word: &str) {
        for (end, letter) in word.char_indices() {
            let text = &word[..end + letter.len_utf8()];
            self.edit(path.clone(), Edit::Text(text.to_owned()));
        }
    }

    #[track_caller]
    fn shows(&self, body: &str) {
        assert_eq!(self.draft.body().to_string(), body);
    }

    /// Takes everything back and says in how many steps.
    fn undo_all(&mut self) -> usize {
        std::iter::from_fn(|| self.history.undo(&mut self.draft)).count()
    }
}

fn rename(row: usize, name: &str) -> Edit {
    Edit::Rename(row, name.to_owned())
}

fn text(text: &str) -> Edit {
    Edit::Text(text.to_owned())
}

#[test]
fn typing_a_word_is_one_step() {
    let mut editor = Editor::new("{}");
    let name = path![Request::INSTANCE_NAME];
    editor.type_into(&name, "train");
    editor.shows(r#"{"InstanceName":"train"}"#);
    assert_eq!(editor.history.undo(&mut editor.draft), Some(name.clone()));
    editor.shows("{}");
    assert!(!editor.history.can_undo());
    assert_eq!(editor.history.redo(&mut editor.draft), Some(name));
    editor.shows(r#"{"InstanceName":"train"}"#);
    assert!(!editor.history.can_redo());
}

#[test]
fn typing_into_an_object_that_is_not_there_is_one_step() {
    let mut editor = Editor::new(r#"{"WorkspaceId":"1"}"#);
    let start = editor.draft.clone();
    editor.type_into(&path![Request::USER_VPC, UserVpc::VPC_ID], "vpc-1");
    editor.shows(r#"{"WorkspaceId":"1","UserVpc":{"VpcId":"vpc-1"}}"#);
    assert_eq!(editor.undo_all(), 1);
    assert_eq!(editor.draft, start);
}

#[test]
fn rest_and_other_edits_begin_a_new_step() {
    let mut editor = Editor::new("{}");
    let (name, workspace) = (path![Request::INSTANCE_NAME], path![Request::WORKSPACE_ID]);
    editor.type_into(&name, "ab");
    editor.history.rest();
    editor.edit(name.clone(), text("abc"));
    editor.type_into(&workspace, "12");
    editor.edit(name.clone(), text("abcd"));
    editor.edit(
        path![Request::DYNAMIC_MOUNT],
        Edit::Set(Draft::Foreign(Arc::new(1.into()))),
    );
    editor.edit(name.clone(), text("abcde"));
    for body in [
        r#"{"WorkspaceId":"12","InstanceName":"abcd","DynamicMount":1}"#,
        r#"{"WorkspaceId":"12","InstanceName":"abcd"}"#,
        r#"{"WorkspaceId":"12","InstanceName":"abc"}"#,
        r#"{"InstanceName":"abc"}"#,
        r#"{"InstanceName":"ab"}"#,
        "{}",
    ] {
        assert!(editor.history.undo(&mut editor.draft).is_some());
        editor.shows(body);
    }
    assert_eq!(editor.history.undo(&mut editor.draft), None);
}

#[test]
fn undo_ends_typing_and_an_edit_ends_redo() {
    let mut editor = Editor::new("{}");
    let name = path![Request::INSTANCE_NAME];
    editor.type_into(&name, "ab");
    editor.history.undo(&mut editor.draft);
    editor.history.redo(&mut editor.draft);
    editor.edit(name.clone(), text("abc"));
    editor.history.undo(&mut editor.draft);
    editor.shows(r#"{"InstanceName":"ab"}"#);
    assert!(editor.history.can_redo());
    assert!(!editor.edit(name.clone(), text("ab")), "nothing changes");
    assert!(editor.history.can_redo(), "what changes nothing is no step");
    assert!(editor.edit(name, text("x")));
    assert!(!editor.history.can_redo());
}

/// A run of typing was told by the path alone, which is that of the map for every name in it: undo lost the
/// second name.
#[test]
fn names_of_two_rows_are_two_steps() {
    let json = r#"{"EnvironmentVariables":{"A":"1","B":"2"}}"#;
    let mut editor = Editor::new(json);
    let map = path![Request::ENVIRONMENT_VARIABLES];
    for (row, name) in [(0, "AA"), (0, "AAA"), (1, "BB"), (1, "BBB")] {
        editor.edit(map.clone(), rename(row, name));
    }
    editor.shows(r#"{"EnvironmentVariables":{"AAA":"1","BBB":"2"}}"#);
    editor.history.undo(&mut editor.draft);
    editor.shows(r#"{"EnvironmentVariables":{"AAA":"1","B":"2"}}"#);
    editor.history.undo(&mut editor.draft);
    editor.shows(json);
    assert!(!editor.history.can_undo());
}

#[test]
fn a_name_and_its_value_are_two_steps() {
    let mut editor = Editor::new(r#"{"EnvironmentVariables":{"A":"1"}}"#);
    let map = path![Request::ENVIRONMENT_VARIABLES];
    editor.edit(map.clone(), rename(0, "AB"));
    editor.edit(map.join(0), text("12"));
    editor.edit(map.clone(), rename(0, "ABC"));
    assert_eq!(editor.undo_all(), 3);
    editor.shows(r#"{"EnvironmentVariables":{"A":"1"}}"#);
}

#[test]
fn a_fix_is_one_step() {
    let json = r#"{"instancename":"a","WorkspaceId":"1"}"#;
    let mut editor = Editor::new(json);
    let review = dsw_form::review::review(&editor.draft, &dsw_model::rules::Context::default());
    let fix = review
        .diagnostics
        .iter()
        .find_map(|found| found.fix.as_ref());
    editor.edit(Path::ROOT, Edit::from_fix(fix.expect("R110 has a fix")));
    editor.shows(r#"{"WorkspaceId":"1","InstanceName":"a"}"#);
    assert_eq!(editor.undo_all(), 1);
    assert_eq!(editor.draft, import(json).expect("a request").draft);
}

/// Moving one of several equal rows left a step that took nothing back.
#[test]
fn a_move_among_equal_rows_is_no_step() {
    let mut editor = Editor::new(r#"{"Datasets":[{"Uri":"a"},{"Uri":"a"},{"Uri":"b"}]}"#);
    let datasets = path![Request::DATASETS];
    assert!(!editor.edit(datasets.clone(), Edit::Move(0, 1)));
    assert!(editor.edit(datasets, Edit::Move(0, 2)));
    editor.shows(r#"{"Datasets":[{"Uri":"a"},{"Uri":"b"},{"Uri":"a"}]}"#);
    assert_eq!(editor.undo_all(), 1);
}
