//! Paragraphs: Word splits their text into runs at will, so a placeholder may stand in several of them.

use std::ops::Range;

use wire::Fault;

use super::find;
use super::xml::{Element, Node};

/// A paragraph.
pub struct Paragraph<'a>(&'a mut Element);

/// Does something with every paragraph in a node.
///
/// # Errors
/// Those of what is done.
pub fn each(
    node: &mut Node,
    act: &mut dyn FnMut(&mut Paragraph<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Node::Element(element) = node else { return Ok(()) };
    if element.name() == "w:p" {
        act(&mut Paragraph(element))?;
    }
    // Text boxes in a paragraph have paragraphs of their own.
    element.children.iter_mut().try_for_each(|child| each(child, act))
}

impl Paragraph<'_> {
    /// Its text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        gather(self.0, &mut |run| text.push_str(&run.text()));
        text
    }

    /// Puts values in the places of placeholders, each into the run where its placeholder begins; those without a value stay.
    pub fn substitute(&mut self, value: &dyn Fn(&str) -> Option<String>) {
        let mut runs = Vec::new();
        gather(self.0, &mut |run| runs.push(run.text()));
        let whole = runs.concat();
        let found: Vec<(Range<usize>, String)> =
            find(&whole).filter_map(|(place, inside)| Some((place, value(inside)?))).collect();
        if found.is_empty() {
            return;
        }
        let mut written = vec![String::new(); runs.len()];
        let mut at = 0;
        for (place, value) in found {
            copy(&runs, &whole, at..place.start, &mut written);
            if let Some(run) = run_at(&runs, place.start) {
                written[run].push_str(&clean(&value));
            }
            at = place.end;
        }
        copy(&runs, &whole, at..whole.len(), &mut written);
        let mut written = written.into_iter();
        change(self.0, &mut |run| {
            run.children = vec![Node::Text(written.next().unwrap_or_default())];
            if !run.tag.contains("xml:space") {
                run.tag = format!("{} xml:space=\"preserve\"", run.tag.trim_end_matches([' ', '/']));
            }
        });
        break_lines(self.0);
    }
}

fn gather(element: &Element, act: &mut dyn FnMut(&Element)) {
    for child in &element.children {
        match child {
            Node::Element(child) if child.name() == "w:t" => act(child),
            Node::Element(child) if child.name() != "w:p" => gather(child, act),
            _ => {}
        }
    }
}

fn change(element: &mut Element, act: &mut dyn FnMut(&mut Element)) {
    for child in &mut element.children {
        match child {
            Node::Element(child) if child.name() == "w:t" => act(child),
            Node::Element(child) if child.name() != "w:p" => change(child, act),
            _ => {}
        }
    }
}

/// The run in which a letter of the whole text stands.
fn run_at(runs: &[String], at: usize) -> Option<usize> {
    let mut end = 0;
    runs.iter().position(|run| {
        end += run.len();
        at < end
    })
}

/// Copies a part of the whole text, each letter into its run.
fn copy(runs: &[String], whole: &str, part: Range<usize>, written: &mut [String]) {
    let mut start = 0;
    for (run, out) in runs.iter().zip(written) {
        let end = start + run.len();
        let (from, to) = (part.start.max(start), part.end.min(end));
        if from < to {
            out.push_str(&whole[from..to]);
        }
        start = end;
    }
}

/// A value without what XML cannot hold.
fn clean(value: &str) -> String {
    let fits = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    value
        .replace("\r\n", "\n")
        .chars()
        .filter(fits)
        .filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// Makes lines of what has line breaks.
fn break_lines(element: &mut Element) {
    let has_lines =
        |node: &Node| matches!(node, Node::Element(run) if run.name() == "w:t" && run.text().contains('\n'));
    if element.children.iter().any(has_lines) {
        let lines = |node: Node| match node {
            Node::Element(run) if run.name() == "w:t" => split(&run),
            other => vec![other],
        };
        element.children = std::mem::take(&mut element.children).into_iter().flat_map(lines).collect();
    }
    for child in &mut element.children {
        if let Node::Element(child) = child
            && child.name() != "w:p"
        {
            break_lines(child);
        }
    }
}

fn split(run: &Element) -> Vec<Node> {
    let mut nodes = Vec::new();
    for line in run.text().split('\n') {
        if !nodes.is_empty() {
            nodes.push(Node::Element(Element { tag: "w:br".to_owned(), children: Vec::new() }));
        }
        nodes.push(Node::Element(Element {
            tag: run.tag.clone(),
            children: vec![Node::Text(line.to_owned())],
        }));
    }
    nodes
}
