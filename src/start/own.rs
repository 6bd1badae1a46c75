//! The person's own presets: kept in this browser, taken elsewhere as a file.

use dsw_form::kept::Begun;
use dsw_form::own_presets::{BadName, LONGEST, MOST, OwnPresets, Taken, Unread};
use dsw_words::{fill, number, tr};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

use super::begun::{begin, with_more};
use super::section;
use crate::address;
use crate::control::plain;
use crate::dom::{El, after_update, button, by_id, el, el_class, el_text, form, icon, icon_button};
use crate::state::FormState;
use crate::storage::PRESETS;
use crate::storage::{self, Lack};
use crate::toast::say;
use crate::transfer::{bytes_of, save_as};
use crate::{draft_store, i18n, past};

/// Id of the control for a new one's name.
const NAME: &str = "preset-name";
/// Id of the control for another name.
const RENAME: &str = "preset-rename";

/// What is shown of them.
#[derive(Clone, Copy)]
struct Own {
    state: FormState,
    all: RwSignal<OwnPresets, LocalStorage>,
    /// What was kept is not to be read: nothing is written over it.
    unread: RwSignal<Option<Unread>>,
    /// The one that is getting another name.
    renaming: RwSignal<Option<usize>>,
    /// What was done or why it was not.
    said: RwSignal<String>,
    failed: RwSignal<bool>,
    /// What there was before the last one was deleted.
    before: RwSignal<Option<OwnPresets>, LocalStorage>,
}

/// All that is shown of them.
pub(crate) fn own_presets(state: FormState) -> El {
    let stored = storage::local().and_then(|storage| storage.get_item(PRESETS).ok().flatten());
    let read = stored.map_or_else(|| Ok(OwnPresets::default()), |text| OwnPresets::read(&text));
    let own = Own {
        state,
        unread: RwSignal::new(read.as_ref().err().copied()),
        all: RwSignal::new_local(read.unwrap_or_default()),
        renaming: RwSignal::new(None),
        said: RwSignal::default(),
        failed: RwSignal::new(false),
        before: RwSignal::new_local(None),
    };
    let list = el_class("ul", "rows").content_fn(move || {
        let renaming = own.renaming.get();
        let names: Vec<_> = own
            .all
            .with(|all| all.0.iter().map(|preset| preset.name.clone()).collect());
        let row = |(at, name): (usize, &String)| {
            if renaming == Some(at) {
                own.rename_row(at, name)
            } else {
                own.row(at, name)
            }
        };
        names.iter().enumerate().map(row).collect()
    });
    let status = el_class("div", "line")
        .attr("id", "presets-said")
        .attr("role", "status")
        .content_fn(move || own.status());
    section(
        "own-h",
        tr("Your own presets"),
        tr("Requests under names of yours. They are kept in this browser, without secrets."),
    )
    .attr("id", "own-presets")
    .child(list)
    .child(own.save_form())
    .child(own.file_line())
    .child(status)
}

impl Own {
    fn tell(self, said: String, failed: bool) {
        self.failed.set(failed);
        self.before.set(None);
        self.said.set(said);
    }

    fn status(self) -> Vec<El> {
        let said = match self.unread.get() {
            Some(Unread::Newer) => tr(
                "The presets kept here were written by a newer version of this page. Reload to see them.",
            )
            .to_owned(),
            Some(Unread::Other) => tr(
                "The presets kept here cannot be read. The next one that you save replaces them.",
            )
            .to_owned(),
            None => String::new(),
        };
        let words = self.said.get();
        let words = if words.is_empty() { said } else { words };
        if words.is_empty() {
            return Vec::new();
        }
        let undo = self.before.with(Option::is_some).then(|| {
            button("btn btn-s", move |_| {
                if let Some(before) = self.before.get_untracked() {
                    self.keep(before, tr("Taken back.").to_owned());
                }
            })
            .attr("id", "preset-undo")
            .text(tr("Undo"))
        });
        let failed = self.failed.get();
        let text = el("span");
        let text = if failed {
            text.child(el_text("b", tr("Error:"))).text(" ")
        } else {
            text
        };
        let element = el_class("p", "field-msg")
            .child(text.text(&words))
            .child(undo);
        element.set("data-tone", failed.then_some("error"));
        vec![element]
    }

    /// Keeps these from now on, and says what was done; or why they could not be kept, and nothing has changed.
    fn keep(self, all: OwnPresets, said: String) -> bool {
        if self.unread.get_untracked() == Some(Unread::Newer) {
            self.tell(
                tr("Not saved: a newer version of this page keeps presets here. Reload the page.")
                    .to_owned(),
                true,
            );
            return false;
        }
        match storage::put(PRESETS, &all.write()) {
            Ok(()) => {
                self.unread.set(None);
                self.renaming.set(None);
                self.all.set(all);
                self.tell(said, false);
                true
            }
            Err(lack) => {
                let said = match lack {
                    Lack::Full => tr(
                        "Not saved: this browser has no room left. Delete presets, or export them to a file.",
                    ),
                    Lack::Blocked => tr(
                        "Not saved: this browser keeps nothing for this page. Download the request instead.",
                    ),
                };
                self.tell(said.to_owned(), true);
                false
            }
        }
    }

    fn row(self, at: usize, name: &str) -> El {
        let go = button("btn-link row-title", move |_| self.begin_with(at))
            .child(el_class("span", "mono").text(name));
        let rename = icon_button("fix", &fill("Rename {}", &[name]), move |_| {
            self.renaming.set(Some(at));
            focus(RENAME);
        });
        let delete = icon_button("trash", &fill("Delete {}", &[name]), move |_| {
            self.delete(at);
        });
        el_class("li", "row").child(
            el_class("div", "row-head")
                .child(go)
                .child(el_class("span", "bar-group").child(rename).child(delete)),
        )
    }

    fn rename_row(self, at: usize, name: &str) -> El {
        let input = plain("input", RENAME, "presets-said")
            .attr("aria-label", &fill("New name of {}", &[name]));
        input.set_value(name);
        let typed = input.clone();
        let act = move || {
            let mut all = self.all.get_untracked();
            match all.rename(at, &typed.value()) {
                Ok(()) => {
                    let said = fill("Renamed to {}.", &[typed.value().trim()]);
                    self.keep(all, said);
                    focus_main();
                }
                Err(why) => self.tell(bad_name(why), true),
            }
        };
        let done = el_class("button", "btn btn-s").text(tr("Rename"));
        let cancel = button("btn btn-s", move |_| {
            self.renaming.set(None);
            focus_main();
        })
        .attr("data-kind", "ghost")
        .text(tr("Cancel"));
        el_class("li", "row").child(
            form()
                .attr("class", "row-head")
                .on("submit", move |event| {
                    event.prevent_default();
                    act();
                })
                .child(el_class("span", "grow").child(input))
                .child(done)
                .child(cancel),
        )
    }

    fn begin_with(self, at: usize) {
        let found = self.all.with_untracked(|all| all.0.get(at).cloned());
        if let Some(own) = found {
            self.state.confide_all(&own.secrecy());
            let filled = begin(self.state, own.draft());
            past::begin_with(self.state, Begun::Own(own.name.clone()));
            let said = fill("{} is in the form.", &[&own.name]);
            say(self.state, &with_more(said, filled), true);
            address::enter(self.state, true);
        }
    }

    fn delete(self, at: usize) {
        let before = self.all.get_untracked();
        let mut all = before.clone();
        if at >= all.0.len() {
            return;
        }
        let gone = all.0.remove(at);
        if self.keep(all, fill("Deleted {}.", &[&gone.name])) {
            self.before.set(Some(before));
            // What was pressed is gone.
            focus("preset-undo");
        }
    }

    /// Saves what is in the form under a name; nothing while that is empty.
    fn save_form(self) -> El {
        let input = plain("input", NAME, "presets-said")
            .attr("maxlength", &LONGEST.to_string())
            .attr_fn("aria-invalid", move || {
                self.failed.get().then(|| "true".to_owned())
            });
        let typed = input.clone();
        let element = form()
            .attr("class", "line")
            .on("submit", move |event| {
                event.prevent_default();
                self.save(&typed);
            })
            .child(
                el_class("label", "field-label")
                    .attr("for", NAME)
                    .text(tr("Save the present request as")),
            )
            .child(el_class("span", "grow").child(input))
            .child(
                el_class("button", "btn")
                    .attr("id", "preset-save")
                    .text(tr("Save")),
            );
        let shown = element.clone();
        self.state.watch_part(
            |reviewed| reviewed.draft().is_blank(),
            move |blank| shown.set("hidden", blank.then_some("")),
        );
        element
    }

    fn save(self, typed: &El) {
        let mut all = self.all.get_untracked();
        let name = typed.value().trim().to_owned();
        match all.add(&name, draft_store::written(self.state)) {
            Ok(left_out) => {
                let said = match left_out {
                    0 => fill("Saved {}.", &[&name]),
                    1 => fill("Saved {}, without 1 secret.", &[&name]),
                    n => fill("Saved {}, without {} secrets.", &[&name, &number(n)]),
                };
                if self.keep(all, said) {
                    typed.set_value("");
                }
            }
            Err(why) => {
                self.tell(bad_name(why), true);
                typed.focus();
            }
        }
    }

    /// To a file, and from one.
    fn file_line(self) -> El {
        let export = button("btn btn-s", move |_| self.export())
            .flag_fn("hidden", move || self.all.with(|all| all.0.is_empty()))
            .child(icon("download"))
            .text(tr("Export to a file"));
        let file = el_class("input", "hide")
            .attr("type", "file")
            .attr("id", "presets-file")
            .attr("accept", ".json,application/json")
            .on("change", move |event| {
                let input = event
                    .target()
                    .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                let Some(input) = input else { return };
                let file = input.files().and_then(|files| files.item(0));
                // Choosing the same file again is to open it again.
                input.set_value("");
                if let Some(file) = file {
                    self.import(file);
                }
            });
        let open = el_class("label", "btn btn-s")
            .child(icon("upload"))
            .text(tr("Import from a file"))
            .child(file);
        el_class("div", "line").child(export).child(open)
    }

    fn export(self) {
        let text = self.all.with_untracked(OwnPresets::write);
        match save_as(&text, "dsw-composer-presets.json") {
            Ok(()) => self.tell(tr("Exported, without secrets.").to_owned(), false),
            Err(_) => self.tell(
                tr("The browser does not allow the download.").to_owned(),
                true,
            ),
        }
    }

    fn import(self, file: web_sys::File) {
        spawn_local(async move {
            let name = file.name();
            let text = bytes_of(&file).await.ok();
            let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
            let Some(text) = text else {
                self.tell(i18n::unreadable(&name), true);
                return;
            };
            let mut all = self.all.get_untracked();
            match all.take(&text) {
                Ok(taken) => {
                    self.keep(all, report(taken));
                }
                Err(Unread::Newer) => self.tell(
                    fill(
                        "{} was written by a newer version of this page. Nothing was changed.",
                        &[&name],
                    ),
                    true,
                ),
                Err(Unread::Other) => self.tell(
                    fill("{} is no file of presets. Nothing was changed.", &[&name]),
                    true,
                ),
            }
        });
    }
}

/// What became of the presets of a file.
fn report(taken: Taken) -> String {
    let mut said = vec![fill("Presets added: {}.", &[&taken.added.to_string()])];
    if taken.renamed > 0 {
        said.push(fill(
            "With a number behind their name, since that was taken: {}.",
            &[&taken.renamed.to_string()],
        ));
    }
    if taken.known > 0 {
        said.push(fill("There already: {}.", &[&taken.known.to_string()]));
    }
    if taken.left > 0 {
        said.push(fill(
            "Left out, since they are none or there is no room: {}.",
            &[&taken.left.to_string()],
        ));
    }
    said.join(" ")
}

fn bad_name(why: BadName) -> String {
    match why {
        BadName::Empty => tr("Enter a name for the preset.").to_owned(),
        BadName::Long => fill(
            "The name is too long; the limit is {} characters.",
            &[&LONGEST.to_string()],
        ),
        BadName::Taken => tr("Another preset has this name. Enter another one.").to_owned(),
        BadName::Full => fill(
            "There are {} presets, the most that are kept. Delete one first.",
            &[&MOST.to_string()],
        ),
    }
}

fn focus(id: &'static str) {
    after_update(move || {
        if let Some(element) = by_id(id) {
            element.focus();
        }
    });
}

/// What was pressed is gone: the focus goes to the heading of the list.
fn focus_main() {
    focus("own-h");
}
