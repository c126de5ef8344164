//! Cards of a block: the elements that its manifest says are repeated.

use serde_json::Value as Json;
use wire::Value;

use super::nodes::{find, split};
use crate::html::{Edits, LENGTH, Tree};

/// Cards of a block, at most.
const MOST: usize = 200;

/// A card that a key names; `None` when there is none, or the manifest does not name it.
fn card(tree: &Tree, manifest: &Json, selector: &str, place: Option<usize>) -> Option<usize> {
    manifest["cards"].get(selector)?;
    find(tree, selector).get(place.unwrap_or(0)).copied()
}

/// The HTML with another card behind the one that a key names; when the key names no place, before all others. Without
/// HTML of its own the new card is a copy.
pub fn add(html: &str, manifest: &Json, key: &str, content: Option<&str>) -> Option<String> {
    let (selector, place) = split(key);
    let tree = Tree::read(html);
    let card = &tree.elements[card(&tree, manifest, selector, place)?];
    let new = content.filter(|content| !content.trim().is_empty()).unwrap_or(&html[card.whole.clone()]);
    let at = match (place, card.parent) {
        (Some(_), _) => card.whole.end,
        (None, Some(parent)) => tree.elements[parent].inner.start,
        (None, None) => card.whole.start,
    };
    let mut edits = Edits::default();
    edits.put(at..at, new);
    Some(edits.apply(html))
}

/// The HTML without the card that a key names by its place.
pub fn remove(html: &str, manifest: &Json, key: &str) -> Option<String> {
    let (selector, place) = split(key);
    let tree = Tree::read(html);
    let card = &tree.elements[card(&tree, manifest, selector, Some(place?))?];
    let mut edits = Edits::default();
    edits.put(card.whole.clone(), "");
    Some(edits.apply(html))
}

/// The HTML with these cards in the place of those that there are: cards of before by their places, and presets by their
/// codes. What cannot be found is left out.
pub fn arrange(html: &str, manifest: &Json, selector: &str, source: &Value) -> String {
    let declared = &manifest["cards"][selector];
    let tree = Tree::read(html);
    let found = find(&tree, selector);
    let (Some(first), true) = (found.first(), declared.is_object()) else { return html.to_owned() };
    let stays = |(at, wanted): (usize, &Value)| {
        let is_card = wanted.get("type").and_then(Value::text).as_deref() != Some("preset");
        is_card && wanted.get("value").and_then(Value::as_int).unwrap_or(0) == i64::try_from(at).unwrap_or(-1)
    };
    if source.items().count() == found.len() && source.items().enumerate().all(stays) {
        return html.to_owned();
    }
    let (mut new, mut room) = (Vec::new(), LENGTH);
    for wanted in source.items().take(MOST) {
        let value = wanted.get("value");
        let is_preset = wanted.get("type").and_then(Value::text).as_deref() == Some("preset");
        let card = if is_preset {
            let code = value.and_then(Value::text).unwrap_or_default();
            let preset = &declared["presets"][code.as_ref()];
            preset["html"].as_str().or(preset.as_str())
        } else {
            let at = value.and_then(Value::as_int).unwrap_or(0);
            let at = usize::try_from(at).ok().and_then(|at| found.get(at));
            at.map(|at| &html[tree.elements[*at].whole.clone()])
        };
        let Some(left) = room.checked_sub(card.map_or(0, str::len)) else { break };
        room = left;
        new.extend(card);
    }
    let mut edits = Edits::default();
    for at in &found {
        edits.put(tree.elements[*at].whole.clone(), if at == first { new.join("\n") } else { String::new() });
    }
    edits.apply(html)
}

/// The key of a node of a card among all nodes of the block: requests count by cards.
pub fn node_key(html: &str, selector: &str, key: &str) -> Option<String> {
    let (node, place) = split(key);
    let tree = Tree::read(html);
    let card = &tree.elements[*find(&tree, selector).get(place.unwrap_or(0))?];
    let within = |at: &usize| {
        let element = &tree.elements[*at];
        card.whole.start <= element.whole.start && element.whole.end <= card.whole.end
    };
    let at = find(&tree, node).iter().position(within)?;
    Some(format!("{node}@{at}"))
}
