//! [`Note`]: what the code does not say as the body does.

/// Something to know before running the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is, in the present language.
    pub text: String,
    /// The members that it is about, such as `Datasets[0].Uri`; none where it is about the whole.
    pub members: Vec<String>,
}

impl Note {
    /// The whole note in one line.
    pub fn line(&self) -> String {
        if self.members.is_empty() {
            return self.text.clone();
        }
        [&self.text, " (", &self.members.join(", "), ")"].concat()
    }
}

/// Notes that are being taken.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    /// Says something of the whole, once.
    pub(crate) fn say(&mut self, text: String) {
        if !self.0.iter().any(|note| note.text == text) {
            let members = Vec::new();
            self.0.push(Note { text, members });
        }
    }

    /// Says something of a member; what is said of several is one note.
    pub(crate) fn about(&mut self, text: &'static str, member: String) {
        match self.0.iter_mut().find(|note| note.text == text) {
            Some(note) => note.members.push(member),
            None => self.0.push(Note {
                text: text.to_owned(),
                members: vec![member],
            }),
        }
    }

    pub(crate) fn into_list(self) -> Vec<Note> {
        self.0
    }
}
