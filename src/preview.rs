//! The body, line by line, with the marks of the findings.
//!
//! Lines are written straight into the DOM: a body may have tens of thousands of them, and an edit changes
//! one. Old and new lines are compared from both ends, and only what differs between is written again.

use std::cell::RefCell;
use std::rc::Rc;

use dsw_form::print::Line;
use dsw_model::rules::Severity;
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use crate::dom::{El, el, el_class, must};
use crate::state::{FormState, Reviewed, tone};

/// Lines of one chunk. Chunks out of sight are not laid out.
const CHUNK: usize = 64;

/// A line, its mark, and whether it is the last: no line break follows that.
type Marked<'a> = (&'a Line, Option<Severity>, bool);

/// The live body.
pub fn preview(state: FormState) -> El {
    let code = el("code").attr("data-testid", "json-preview");
    let element = code.element().clone();
    let shown = RefCell::new(Shown::default());
    state.watch(move |reviewed| shown.borrow_mut().update(&element, reviewed));
    el_class("pre", "code")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "JSON body")
        .child(code)
}

/// What stands in the DOM.
#[derive(Default)]
struct Shown {
    lines: Rc<Vec<Line>>,
    marks: Vec<Option<Severity>>,
    chunks: Vec<Chunk>,
}

struct Chunk {
    element: Element,
    count: usize,
}

impl Shown {
    /// Brings the DOM to the lines of this review.
    fn update(&mut self, code: &Element, reviewed: &Reviewed) {
        let lines = Rc::clone(&reviewed.lines);
        let mark = |line: &Line| {
            let found = reviewed.review.at(&line.path).filter(|_| !line.closes);
            found.map(|found| found.severity).min()
        };
        let marks: Vec<_> = lines.iter().map(mark).collect();
        let (old, new) = (self.lines.len(), lines.len());
        let same = |a: usize, b: usize| {
            self.marks[a] == marks[b]
                && self.lines[a].text == lines[b].text
                && (a + 1 == old) == (b + 1 == new)
        };
        let shorter = old.min(new);
        let head = (0..shorter).take_while(|at| same(*at, *at)).count();
        let tail = (1..=shorter - head)
            .take_while(|back| same(old - back, new - back))
            .count();
        let (old_end, new_end) = (old - tail, new - tail);
        // The chunks that hold a line that differs; an insertion between two chunks belongs to the first.
        let (first, start) = self.chunk_of(head.min(old.saturating_sub(1)));
        let (last, last_start) = self.chunk_of(old_end.max(head + 1).min(old).saturating_sub(1));
        if old == new && first == last {
            let children = self.chunks.get(first).map(|chunk| chunk.element.children());
            for at in (head..new_end).filter(|at| !same(*at, *at)) {
                let place = u32::try_from(at - start).unwrap_or(u32::MAX);
                if let Some(element) = children.as_ref().and_then(|children| children.item(place)) {
                    set_line(&element, (&lines[at], marks[at], at + 1 == new));
                }
            }
        } else {
            let end = last_start + self.chunks.get(last).map_or(0, |chunk| chunk.count) + new_end
                - old_end;
            let fresh: Vec<_> = (start..end)
                .map(|at| (&lines[at], marks[at], at + 1 == new))
                .collect();
            self.rewrite(code, first, last, &fresh);
        }
        self.lines = lines;
        self.marks = marks;
    }

    /// Writes the chunks `first..=last` again, from these lines, and numbers those behind them.
    fn rewrite(&mut self, code: &Element, first: usize, last: usize, lines: &[Marked<'_>]) {
        let document = document();
        let after = (last + 1).min(self.chunks.len());
        let next = self.chunks.get(after).map(|chunk| chunk.element.clone());
        let fresh: Vec<Chunk> = lines
            .chunks(CHUNK)
            .map(|lines| {
                let element = must(document.create_element("span"));
                element.set_class_name("code-chunk");
                element.set_inner_html(&html(lines));
                let before = next.as_ref().map(AsRef::as_ref);
                must(code.insert_before(&element, before));
                Chunk {
                    element,
                    count: lines.len(),
                }
            })
            .collect();
        for old in self.chunks.splice(first.min(after)..after, fresh) {
            old.element.remove();
        }
        let mut start = 0;
        for chunk in &self.chunks {
            // A chunk out of sight is contained, so it counts its lines from a number of its own.
            let style = format!(
                "counter-reset: n {start}; contain-intrinsic-block-size: auto {}px",
                chunk.count * 20
            );
            set_style(&chunk.element, &style);
            start += chunk.count;
        }
    }

    /// The chunk that holds a line, and the number of its first line.
    fn chunk_of(&self, line: usize) -> (usize, usize) {
        let mut start = 0;
        for (at, chunk) in self.chunks.iter().enumerate() {
            if line < start + chunk.count {
                return (at, start);
            }
            start += chunk.count;
        }
        (self.chunks.len(), start)
    }
}

/// Sets a style by the object model: the content policy forbids it in markup.
fn set_style(element: &Element, style: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.style().set_css_text(style);
    }
}

fn set_line(element: &Element, (line, mark, last): Marked<'_>) {
    let mut inner = String::new();
    highlight(&line.text, &mut inner);
    if !last {
        inner.push('\n');
    }
    element.set_inner_html(&inner);
    must(match mark {
        Some(mark) => element.set_attribute("data-tone", tone(mark)),
        None => element.remove_attribute("data-tone"),
    });
}

fn html(lines: &[Marked<'_>]) -> String {
    let mut html = String::new();
    for (line, mark, last) in lines {
        html.push_str("<span class=\"code-line\"");
        if let Some(mark) = mark {
            html.push_str(" data-tone=");
            html.push_str(tone(*mark));
        }
        html.push('>');
        highlight(&line.text, &mut html);
        html.push_str(if *last { "</span>" } else { "\n</span>" });
    }
    html
}

/// One line of printed JSON as HTML: text `s`, numbers `n`, words `b`, punctuation `p`; names are plain.
fn highlight(line: &str, html: &mut String) {
    let mut rest = line;
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
            escape(text, html);
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

fn escape(text: &str, html: &mut String) {
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
