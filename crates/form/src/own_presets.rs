//! A person's own presets: requests kept under names, without secrets. The same text is kept by the browser and taken
//! elsewhere as a file.

use dsw_model::secrecy::Secrecy;
use serde_json::{Value, json};

use crate::draft::Draft;
use crate::json;
use crate::store::{self, Stored};

/// How many are kept.
pub const MOST: usize = 50;
/// The longest name, in characters.
pub const LONGEST: usize = 60;
/// What is written by this version.
const VERSION: u64 = 1;
/// Member of the text that holds the version, by which such a text is known.
const MARK: &str = "dsw-composer-presets";

/// A request under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPreset {
    /// Its name: one of its kind, not empty.
    pub name: String,
    /// As [`store::write_with`] makes it.
    request: Value,
}

impl OwnPreset {
    /// What the form begins with.
    pub fn draft(&self) -> Draft {
        store::read(self.request.clone())
    }

    /// What was said of its variables.
    pub fn secrecy(&self) -> Secrecy {
        store::secrecy(&self.request)
    }
}

/// Why presets are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is another text.
    #[error("this is no file of presets")]
    Other,
    /// A newer version has written it.
    #[error("a newer version has written these presets")]
    Newer,
}

/// Why a name is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// There is none.
    #[error("the name is empty")]
    Empty,
    /// It is longer than [`LONGEST`].
    #[error("the name is too long")]
    Long,
    /// Another preset has it.
    #[error("the name is taken")]
    Taken,
    /// There are [`MOST`] presets already.
    #[error("there are too many presets")]
    Full,
}

/// What became of the presets of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many were added.
    pub added: usize,
    /// How many of these have another name now, since theirs was taken.
    pub renamed: usize,
    /// How many were there already, the same.
    pub known: usize,
    /// How many are none, or found no room.
    pub left: usize,
}

/// All of them, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnPresets(pub Vec<OwnPreset>);

impl OwnPresets {
    /// The presets of a text that [`OwnPresets::write`] has made. What is none in it is left out.
    ///
    /// # Errors
    ///
    /// If it is another text, or one of a newer version.
    pub fn read(text: &str) -> Result<Self, Unread> {
        Ok(Self::read_all(text)?.0)
    }

    /// The same, and how many entries are left out.
    fn read_all(text: &str) -> Result<(Self, usize), Unread> {
        let mut whole = json::parse(text).map_err(|_| Unread::Other)?;
        let version = whole[MARK].as_u64().ok_or(Unread::Other)?;
        if version > VERSION {
            return Err(Unread::Newer);
        }
        let Value::Array(entries) = whole["presets"].take() else {
            return Err(Unread::Other);
        };
        let (mut all, count) = (Self::default(), entries.len());
        for entry in entries {
            let name = entry["name"].as_str().unwrap_or_default().trim().to_owned();
            // It is read and written once, so that nothing else than a request is kept.
            let secrecy = store::secrecy(&entry["request"]);
            let draft = store::read(entry["request"].clone());
            if !draft.is_blank() && all.check(&name, None).is_ok() {
                all.0.push(OwnPreset {
                    name,
                    request: store::write_with(&draft, &secrecy).value,
                });
            }
        }
        let left = count - all.0.len();
        Ok((all, left))
    }

    /// The text that is kept or taken elsewhere.
    pub fn write(&self) -> String {
        let entry = |preset: &OwnPreset| json!({"name": preset.name, "request": preset.request});
        let all: Vec<_> = self.0.iter().map(entry).collect();
        json!({MARK: VERSION, "presets": all}).to_string()
    }

    /// Whether a name can be given to the preset at this place, or to a new one.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn check(&self, name: &str, at: Option<usize>) -> Result<(), BadName> {
        let taken = |(place, preset): (usize, &OwnPreset)| preset.name == name && Some(place) != at;
        if name.is_empty() {
            Err(BadName::Empty)
        } else if name.chars().count() > LONGEST {
            Err(BadName::Long)
        } else if self.0.iter().enumerate().any(taken) {
            Err(BadName::Taken)
        } else if at.is_none() && self.0.len() >= MOST {
            Err(BadName::Full)
        } else {
            Ok(())
        }
    }

    /// Keeps a request under a name. Returns how many secrets are left out.
    ///
    /// # Errors
    ///
    /// Why the name is not taken.
    pub fn add(&mut self, name: &str, stored: Stored) -> Result<usize, BadName> {
        let name = name.trim();
        self.check(name, None)?;
        self.0.push(OwnPreset {
            name: name.to_owned(),
            request: stored.value,
        });
        Ok(stored.left_out.len())
    }

    /// Gives the preset at this place another name.
    ///
    /// # Errors
    ///
    /// Why it is not taken.
    pub fn rename(&mut self, at: usize, name: &str) -> Result<(), BadName> {
        let name = name.trim();
        self.check(name, Some(at))?;
        if let Some(preset) = self.0.get_mut(at) {
            name.clone_into(&mut preset.name);
        }
        Ok(())
    }

    /// Takes in the presets of a file. Nothing that is there is lost: where a name is taken the new one gets a number.
    ///
    /// # Errors
    ///
    /// As [`OwnPresets::read`]; then nothing was changed.
    pub fn take(&mut self, text: &str) -> Result<Taken, Unread> {
        let (new, left) = Self::read_all(text)?;
        let mut taken = Taken {
            left,
            ..Taken::default()
        };
        for mut preset in new.0 {
            if self.0.contains(&preset) {
                taken.known += 1;
                continue;
            }
            let free = self.free_name(&preset.name);
            let Some(free) = free.filter(|_| self.0.len() < MOST) else {
                taken.left += 1;
                continue;
            };
            taken.added += 1;
            taken.renamed += usize::from(free != preset.name);
            preset.name = free;
            self.0.push(preset);
        }
        Ok(taken)
    }

    /// The name, or the first with a number behind it that is free.
    fn free_name(&self, name: &str) -> Option<String> {
        let numbered = (2..=MOST + 1).map(|number| {
            let tail = [" (", &number.to_string(), ")"].concat();
            let kept = LONGEST - tail.len();
            name.chars().take(kept).chain(tail.chars()).collect()
        });
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| self.0.iter().all(|preset| preset.name != *name))
    }
}
