//! [`History`]: undo and redo, as edits that take edits back.

use dsw_model::path::Path;

use crate::draft::Draft;
use crate::edit::Edit;

/// The edits that take back what was done, and those that do again what was taken back.
///
/// Typing in one control is one step.
#[derive(Debug, Default)]
pub struct History {
    undo: Vec<(Path, Edit)>,
    redo: Vec<(Path, Edit)>,
    /// The control that is being typed in, until another is edited: its path, and the row whose name it is.
    typing: Option<(Path, Option<usize>)>,
}

impl History {
    /// Makes an edit so that it can be taken back. Returns whether it changed anything.
    pub fn apply(&mut self, draft: &mut Draft, path: &Path, edit: Edit) -> bool {
        let typed = match edit {
            Edit::Text(_) | Edit::Rows(_) | Edit::Pairs(_) => Some((path.clone(), None)),
            Edit::Rename(row, _) => Some((path.clone(), Some(row))),
            _ => None,
        };
        let Some(inverse) = draft.apply(path, edit) else {
            return false;
        };
        self.redo.clear();
        // The inverse that is there already leads back to before the first letter.
        if typed.is_none() || typed != self.typing {
            self.undo.push(inverse);
        }
        self.typing = typed;
        true
    }

    /// Ends a run of typing: the next letter begins a new step.
    pub fn rest(&mut self) {
        self.typing = None;
    }

    /// Takes the last step back. Returns the place that changed; nothing if there is no step.
    pub fn undo(&mut self, draft: &mut Draft) -> Option<Path> {
        self.typing = None;
        let (path, edit) = self.undo.pop()?;
        self.redo.extend(draft.apply(&path, edit));
        Some(path)
    }

    /// Makes the step last taken back again. Returns the place that changed; nothing if there is no step.
    pub fn redo(&mut self, draft: &mut Draft) -> Option<Path> {
        self.typing = None;
        let (path, edit) = self.redo.pop()?;
        self.undo.extend(draft.apply(&path, edit));
        Some(path)
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }
}
