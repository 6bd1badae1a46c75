//! Presets: requests to begin with, which leave what only the person can decide.
//!
//! They are data, `crates/form/presets.json`; a test judges each by the rules. What is said of them stands in the page.

use dsw_model::descriptor::field_step;
use dsw_model::path::{Field, Path};
use serde_json::Value;

use crate::draft::{Draft, ROOT};
use crate::edit::Edit;
use crate::import::from_object;
use crate::review::{Review, is_missing};

const PRESETS: &str = include_str!("../presets.json");

/// A request to begin with.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its name in the program.
    pub id: String,
    /// What the form begins with.
    pub draft: Draft,
    /// Fields that it is about, though no rule asks for them.
    pub asks: Vec<Path>,
}

impl Preset {
    /// How many of the root's fields it sets.
    pub fn sets(&self) -> usize {
        match &self.draft {
            Draft::Struct(object) => object
                .fields
                .iter()
                .filter(|field| !field.is_blank())
                .count(),
            _ => 0,
        }
    }

    /// How many values it leaves to the person: those that are missing by the review of its draft, and those that it
    /// is about.
    pub fn leaves(&self, review: &Review) -> usize {
        let all = review.diagnostics.iter();
        let missing = all.filter(|found| is_missing(&self.draft, found));
        missing.count() + self.asks.len()
    }
}

/// All presets, in the order in which they are shown.
pub fn presets() -> Vec<Preset> {
    let all = serde_json::from_str(PRESETS).unwrap_or_default();
    let Value::Array(all) = all else {
        return Vec::new();
    };
    all.into_iter().map(preset).collect()
}

fn preset(mut stored: Value) -> Preset {
    let mut draft = match stored["body"].take() {
        Value::Object(body) => from_object(body).draft,
        _ => Draft::Unset,
    };
    let fields = |names: &Value| -> Vec<Field> {
        let names = names.as_array().into_iter().flatten();
        let fields = names.filter_map(|name| ROOT.field(name.as_str()?));
        fields.map(|(index, _)| field_step(index)).collect()
    };
    for field in fields(&stored["choose"]) {
        draft.apply(&Path::ROOT, Edit::Choose(field));
    }
    Preset {
        id: stored["id"].as_str().unwrap_or_default().to_owned(),
        draft,
        asks: fields(&stored["asks"])
            .into_iter()
            .map(|field| Path::ROOT.join(field))
            .collect(),
    }
}
