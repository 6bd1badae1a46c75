//! The body, line by line, with the marks of the findings, in step with the form.
//!
//! Lines are written straight into the DOM: a body may have tens of thousands of them, and an edit changes
//! one. The printout comes in chunks; what is shown is a list of blocks, each of some chunks, and only the
//! blocks whose chunks have changed are written again.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use dsw_form::draft::ROOT;
use dsw_form::print::{Chunk, Line, joined};
use dsw_model::path::Path;
use dsw_model::rules::Severity;
use dsw_model::verdict::Splice;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

use crate::crash;
use crate::dom::{El, el, el_class, follow, must, on_document};
use crate::i18n;
use crate::state::{FormState, Reviewed, tone};

/// A block takes chunks until it has so many lines. Blocks out of sight are not laid out.
pub(crate) const BLOCK: usize = 64;

/// What is shown in place of a secret.
const HIDDEN: &str = "\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}";

/// A line, by the number of its chunk and its own number in it.
type Place = (usize, usize);

/// The live body. Secrets are shown in it while `revealed`.
pub fn preview(state: FormState, revealed: RwSignal<bool>) -> El {
    let code = el("code").attr("data-testid", "json-preview");
    let pane = el_class("pre", "code")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", i18n::body())
        .attr("aria-describedby", "code-keys");
    let shown = Rc::new(RefCell::new(Shown {
        code: code.element().clone(),
        pane: pane.element().clone().unchecked_into(),
        chunks: Vec::new(),
        blocks: Vec::new(),
        marks: Vec::new(),
        revealed: false,
        path: None,
        current: None,
    }));
    let (last, body) = (state.last_review(), Rc::downgrade(&shown));
    crash::offer(Box::new(move || {
        // The program may have stopped in the middle of one of both, not of both: what is shown was reviewed before.
        let reviewed = last.try_borrow().ok();
        let text = reviewed.map(|reviewed| joined(reviewed.printout.chunks()));
        text.or_else(|| Some(joined(&body.upgrade()?.try_borrow().ok()?.chunks)))
    }));
    let each = Rc::clone(&shown);
    state.watch(move |reviewed| each.borrow_mut().update(reviewed));
    let again = Rc::clone(&shown);
    follow(Box::new(move || {
        let revealed = revealed.get();
        let mut shown = again.borrow_mut();
        if shown.revealed != revealed {
            shown.revealed = revealed;
            state.with_reviewed(|reviewed| shown.rewrite_all(reviewed));
        }
    }));
    // The line of the field that has the focus.
    let focused = Rc::clone(&shown);
    on_document("focusin", move |event| {
        if let Some(path) = path_of_control(&event) {
            state.with_reviewed(|reviewed| focused.borrow_mut().point_at(reviewed, path, true));
        }
    });
    let clicked = Rc::clone(&shown);
    let code = code.on("click", move |event| {
        // Marking text is not asking for a field.
        let selection = window().get_selection().ok().flatten();
        if selection.is_some_and(|selection| !selection.is_collapsed()) {
            return;
        }
        let path = clicked.borrow().path_at(&event);
        if let Some(path) = path {
            state.show(&path);
        }
    });
    let pane = pane.on("keydown", move |event| {
        let key = event.dyn_ref().map(KeyboardEvent::key).unwrap_or_default();
        let step = match key.as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Enter" => 0,
            _ => return,
        };
        event.prevent_default();
        let path = state.with_reviewed(|reviewed| shown.borrow_mut().step(reviewed, step));
        if let Some(path) = path.filter(|_| step == 0) {
            state.show(&path);
        }
    });
    pane.child(code)
}

/// The place that a control belongs to: controls have their wire path as name, rows and lists as id.
fn path_of_control(event: &Event) -> Option<Path> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let main = target.closest("main").ok().flatten()?;
    let holder = target
        .closest("[name], fieldset[id], .row[id]")
        .ok()
        .flatten()?;
    if !main.contains(Some(holder.as_ref())) {
        return None;
    }
    let name = holder.get_attribute("name").unwrap_or_else(|| holder.id());
    let path = Path::leading(ROOT, &name);
    (path != Path::ROOT).then_some(path)
}

/// What stands in the DOM.
struct Shown {
    code: Element,
    pane: HtmlElement,
    chunks: Vec<Chunk>,
    blocks: Vec<Block>,
    marks: Vec<(Place, Severity)>,
    revealed: bool,
    /// The place that the form is at, and the line that is marked for it.
    path: Option<Path>,
    current: Option<Place>,
}

/// Chunks that stand in one element.
struct Block {
    element: Element,
    chunks: usize,
    lines: usize,
    /// The number that its lines are counted from, once it is known.
    start: Option<usize>,
}

impl Block {
    /// Numbers its lines, unless they have these numbers.
    fn count_from(&mut self, start: usize) {
        if self.start.replace(start) != Some(start) {
            write_numbers(&self.element, start, self.lines);
        }
    }
}

/// Numbers the lines of a block, in one text beside them: with a counter the browser counts all lines anew in every frame.
pub(crate) fn write_numbers(block: &Element, start: usize, lines: usize) {
    let mut numbers = String::new();
    for line in start..start + lines {
        numbers.push_str(&(line + 1).to_string());
        numbers.push('\n');
    }
    El::existing(block.clone()).set("data-numbers", Some(&numbers));
}

impl Shown {
    /// Brings the DOM to the lines and findings of this review.
    fn update(&mut self, reviewed: &Reviewed) {
        let new = reviewed.printout.chunks();
        let changed = Splice::between(&self.chunks, new, Chunk::reads_same);
        let one = changed.removed == 1 && changed.added == 1;
        if one && self.chunks[changed.at].lines.len() == new[changed.at].lines.len() {
            self.write_chunk(changed.at, &new[changed.at]);
            self.chunks = new.to_vec();
        } else if changed.removed + changed.added > 0 {
            self.rewrite(changed, new);
        } else {
            // Rows may have other numbers, which are not shown.
            self.chunks = new.to_vec();
        }
        self.mark(reviewed);
        if let Some(path) = self.path.take() {
            self.point_at(reviewed, path, false);
        }
    }

    /// Writes all blocks again.
    fn rewrite_all(&mut self, reviewed: &Reviewed) {
        let count = self.chunks.len();
        let all = Splice {
            at: 0,
            removed: count,
            added: count,
        };
        self.rewrite(all, reviewed.printout.chunks());
        self.mark(reviewed);
    }

    /// Writes the lines of one chunk again that read differently now.
    fn write_chunk(&self, at: usize, new: &Chunk) {
        for (n, (old, new)) in self.chunks[at].lines.iter().zip(&new.lines).enumerate() {
            if (&old.text, old.secret) != (&new.text, new.secret)
                && let Some(element) = self.element((at, n))
            {
                let mut inner = String::new();
                highlight(new, self.revealed, &mut inner);
                if at + 1 < self.chunks.len() {
                    inner.push('\n');
                }
                element.set_inner_html(&inner);
            }
        }
    }

    /// Writes the blocks again whose chunks have changed, and numbers those behind them.
    fn rewrite(&mut self, changed: Splice, new: &[Chunk]) {
        // What comes between two blocks belongs to the first.
        let (first, from) = self.block_of(changed.at.min(self.chunks.len().saturating_sub(1)));
        let end = (changed.at + changed.removed)
            .max(changed.at + 1)
            .min(self.chunks.len());
        let (last, last_from) = self.block_of(end.saturating_sub(1));
        let after = (last + 1).min(self.blocks.len());
        let old_end = last_from + self.blocks.get(last).map_or(0, |block| block.chunks);
        let new_end = old_end + changed.added - changed.removed;
        // Lines that are written again have no marks.
        self.marks.retain_mut(|((chunk, _), _)| {
            let kept = *chunk < from || *chunk >= old_end;
            if *chunk >= old_end {
                *chunk = *chunk + new_end - old_end;
            }
            kept
        });
        self.current = None;
        let next = self.blocks.get(after).map(|block| block.element.clone());
        let mut fresh = Vec::new();
        let mut at = from;
        while at < new_end {
            let mut block = Block {
                element: must(document().create_element("span")),
                chunks: 0,
                lines: 0,
                start: None,
            };
            block.element.set_class_name("code-chunk");
            let mut html = String::new();
            while at < new_end && block.lines < BLOCK {
                let is_last = at + 1 == new.len();
                write_lines(&new[at].lines, self.revealed, is_last, &mut html);
                block.chunks += 1;
                block.lines += new[at].lines.len();
                at += 1;
            }
            block.element.set_inner_html(&html);
            set_height(&block.element, block.lines);
            let before = next.as_ref().map(AsRef::as_ref);
            must(self.code.insert_before(&block.element, before));
            fresh.push(block);
        }
        for old in self.blocks.splice(first.min(after)..after, fresh) {
            old.element.remove();
        }
        self.chunks = new.to_vec();
        let mut start = 0;
        for block in &mut self.blocks {
            block.count_from(start);
            start += block.lines;
        }
    }

    /// Marks the lines at which something is found.
    fn mark(&mut self, reviewed: &Reviewed) {
        let mut new: Vec<(Place, Severity)> = Vec::new();
        let mut from = (0, 0);
        for (path, found) in reviewed.review().places() {
            let Some(place) = reviewed.printout.locate(path, from) else {
                continue;
            };
            from = place;
            new.push((place, found.severity));
        }
        for path in reviewed.refused_places() {
            let place = reviewed.printout.locate(path, (0, 0));
            new.extend(place.map(|place| (place, Severity::Error)));
        }
        // Found in the order of the form, marked in that of the body; of one line the gravest counts.
        new.sort_unstable();
        new.dedup_by_key(|(place, _)| *place);
        let set = |place: Place, mark: Option<Severity>| {
            if let Some(element) = self.element(place) {
                El::existing(element).set("data-tone", mark.map(tone));
            }
        };
        let (mut old, mut rest) = (&*self.marks, &*new);
        loop {
            let order = match (old.first(), rest.first()) {
                (Some(was), Some(is)) => was.0.cmp(&is.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            match order {
                Ordering::Less => {
                    set(old[0].0, None);
                    old = &old[1..];
                }
                Ordering::Greater => {
                    set(rest[0].0, Some(rest[0].1));
                    rest = &rest[1..];
                }
                Ordering::Equal => {
                    if old[0].1 != rest[0].1 {
                        set(rest[0].0, Some(rest[0].1));
                    }
                    (old, rest) = (&old[1..], &rest[1..]);
                }
            }
        }
        self.marks = new;
    }

    /// Marks the line of a place, or of the nearest place around it that is printed, as the current one, and
    /// brings it into view if asked.
    fn point_at(&mut self, reviewed: &Reviewed, path: Path, scroll: bool) {
        let mut around = path.clone();
        let mut place = None;
        while place.is_none() && around != Path::ROOT {
            place = reviewed.printout.locate(&around, (0, 0));
            around = around.prefix(around.steps().len() - 1);
        }
        self.path = Some(path);
        self.set_current(place, scroll);
    }

    fn set_current(&mut self, place: Option<Place>, scroll: bool) {
        if self.current != place {
            let gone = self.current.and_then(|place| self.element(place));
            for (element, current) in [
                (gone, None),
                (place.and_then(|place| self.element(place)), Some("true")),
            ] {
                if let Some(element) = element {
                    El::existing(element).set("aria-current", current);
                }
            }
            self.current = place;
        }
        if scroll && let Some(element) = place.and_then(|place| self.element(place)) {
            self.scroll_to(&element);
        }
    }

    /// Scrolls the pane, and nothing around it, until a line is in view.
    fn scroll_to(&self, line: &Element) {
        let (line, pane) = (
            line.get_bounding_client_rect(),
            self.pane.get_bounding_client_rect(),
        );
        if line.top() < pane.top() || line.bottom() > pane.bottom() {
            let middle = line.top() - pane.top() - pane.height() / 2.0;
            #[expect(clippy::cast_possible_truncation, reason = "whole pixels are enough")]
            self.pane
                .set_scroll_top(self.pane.scroll_top() + middle as i32);
        }
    }

    /// Moves the current line up or down. Returns its place in the request.
    fn step(&mut self, reviewed: &Reviewed, step: isize) -> Option<Path> {
        let (chunk, line) = self.current.unwrap_or_default();
        let (mut chunk, mut line) = (chunk, line.checked_add_signed(step));
        loop {
            match line {
                Some(at) if at < self.chunks.get(chunk)?.lines.len() => break,
                Some(_) if chunk + 1 == self.chunks.len() => return None,
                Some(_) => (chunk, line) = (chunk + 1, Some(0)),
                None => {
                    chunk = chunk.checked_sub(1)?;
                    line = self.chunks[chunk].lines.len().checked_sub(1);
                }
            }
        }
        let place = (chunk, line?);
        self.set_current(Some(place), true);
        let path = reviewed
            .printout
            .chunks()
            .get(chunk)?
            .lines
            .get(place.1)?
            .path
            .clone();
        self.path = Some(path.clone());
        Some(path)
    }

    /// The place in the request of the line that an event comes from.
    fn path_at(&self, event: &Event) -> Option<Path> {
        let target: Node = event.target()?.dyn_into().ok()?;
        let line = target
            .dyn_into::<Element>()
            .ok()?
            .closest(".code-line")
            .ok()??;
        let holder = line.parent_element()?;
        let mut at = 0;
        for block in &self.blocks {
            if block.element == holder {
                let mut nth = 0;
                let mut before = line.previous_element_sibling();
                while let Some(element) = before {
                    nth += 1;
                    before = element.previous_element_sibling();
                }
                let chunks = self.chunks.get(at..at + block.chunks)?.iter();
                let path = chunks.flat_map(|chunk| &chunk.lines).nth(nth)?.path.clone();
                return Some(path);
            }
            at += block.chunks;
        }
        None
    }

    /// The element of a line.
    fn element(&self, (chunk, line): Place) -> Option<Element> {
        let (block, from) = self.block_of(chunk);
        let before = self.chunks.get(from..chunk)?.iter();
        let before: usize = before.map(|chunk| chunk.lines.len()).sum();
        let lines = self.blocks.get(block)?.element.children();
        lines.item(u32::try_from(before + line).ok()?)
    }

    /// The block that holds a chunk, and the number of its first chunk.
    fn block_of(&self, chunk: usize) -> (usize, usize) {
        let mut from = 0;
        for (at, block) in self.blocks.iter().enumerate() {
            if chunk < from + block.chunks {
                return (at, from);
            }
            from += block.chunks;
        }
        (self.blocks.len(), from)
    }
}

/// Says how high a block will be, by the object model: the content policy forbids styles in markup.
pub(crate) fn set_height(block: &Element, lines: usize) {
    if let Some(block) = block.dyn_ref::<HtmlElement>() {
        let height = format!("contain-intrinsic-block-size: auto {}px", lines * 20);
        block.style().set_css_text(&height);
    }
}

fn write_lines(lines: &[Line], revealed: bool, is_last: bool, html: &mut String) {
    for (n, line) in lines.iter().enumerate() {
        html.push_str("<span class=\"code-line\">");
        highlight(line, revealed, html);
        let ends = is_last && n + 1 == lines.len();
        html.push_str(if ends { "</span>" } else { "\n</span>" });
    }
}

/// One line of printed JSON as HTML: text `s`, numbers `n`, words `b`, punctuation `p`; names are plain.
fn highlight(line: &Line, revealed: bool, html: &mut String) {
    let mut rest = line.text.as_str();
    while let Some(first) = rest.chars().next() {
        let (token, class) = match first {
            ' ' => (rest.len() - rest.trim_start_matches(' ').len(), ""),
            '"' => {
                let end = end_of_text(rest);
                (
                    end,
                    if rest[end..].starts_with(':') {
                        ""
                    } else {
                        "s"
                    },
                )
            }
            '-' | '0'..='9' => (rest.find([',']).unwrap_or(rest.len()), "n"),
            't' | 'f' | 'n' => (rest.find(',').unwrap_or(rest.len()), "b"),
            _ => (
                rest.len()
                    - rest
                        .trim_start_matches(|c| "{}[]:,".contains(c))
                        .len()
                        .min(rest.len() - 1),
                "p",
            ),
        };
        let (text, after) = rest.split_at(token);
        if class.is_empty() {
            escape(text, html);
        } else {
            html.push_str("<i class=");
            html.push_str(class);
            html.push('>');
            if line.secret && !revealed && class != "p" {
                html.push('"');
                html.push_str(HIDDEN);
                html.push('"');
            } else {
                escape(text, html);
            }
            html.push_str("</i>");
        }
        rest = after;
    }
}
/// The length of the text in quotes that a line begins with.
fn end_of_text(line: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in line.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    line.len()
}

pub(crate) fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '\r' => html.push_str("&#13;"),
            letter => html.push(letter),
        }
    }
}

/// A whole body as HTML, for where it is shown once.
pub(crate) fn printed(chunks: &[Chunk], revealed: bool) -> String {
    let mut html = String::new();
    for (n, chunk) in chunks.iter().enumerate() {
        write_lines(&chunk.lines, revealed, n + 1 == chunks.len(), &mut html);
    }
    html
}
