//! Files that import each other: no more than four go round in a circle, so that each can be read with what stands below it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use syn::visit::Visit;
use syn::{Item, ItemMod, ItemUse, UseTree, Visibility};

/// So many files may import each other.
const LARGEST: usize = 4;

/// A module's path within its crate; the root's is empty.
type Module = Vec<String>;

/// One file of a crate.
#[derive(Default)]
struct Source {
    /// The paths that it imports or names, from the root of the crate.
    named: Vec<Module>,
    /// What it hands on from elsewhere (`pub use`): the name here, and the path there.
    handed_on: HashMap<String, Module>,
}

/// Collects the paths of one file.
struct Collector {
    module: Module,
    source: Source,
}

impl Collector {
    /// A path from the root of the crate; `None` when it leaves the crate.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let mut base = self.module.clone();
        let mut rest = path;
        match rest.first().map(String::as_str)? {
            "crate" => return Some(rest[1..].to_vec()),
            "self" => rest = &rest[1..],
            "super" => {}
            _ => return None,
        }
        while rest.first().is_some_and(|part| part == "super") {
            base.pop();
            rest = &rest[1..];
        }
        Some(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The paths of a `use`, with the name that each has here.
    fn paths(tree: &UseTree, before: &[String], found: &mut Vec<(String, Module)>) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => Self::paths(&path.tree, &with(&path.ident), found),
            UseTree::Group(group) => group.items.iter().for_each(|tree| Self::paths(tree, before, found)),
            UseTree::Name(name) if name.ident == "self" => {
                found.push((before.last().cloned().unwrap_or_default(), before.to_vec()));
            }
            UseTree::Name(name) => found.push((name.ident.to_string(), with(&name.ident))),
            UseTree::Rename(rename) => found.push((rename.rename.to_string(), with(&rename.ident))),
            UseTree::Glob(_) => found.push((String::new(), before.to_vec())),
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut found = Vec::new();
        Self::paths(&item.tree, &[], &mut found);
        let hands_on = !matches!(item.vis, Visibility::Inherited);
        for (name, path) in found {
            match (hands_on, self.absolute(&path)) {
                // `pub use child::Item` names a module of this file.
                (true, at) => {
                    let at = at.unwrap_or_else(|| [self.module.clone(), path].concat());
                    self.source.handed_on.insert(name, at);
                }
                (false, Some(at)) => self.source.named.push(at),
                (false, None) => {}
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.source.named.extend(self.absolute(&parts));
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // Tests may look at everything.
        if module.content.is_none() || module.ident == "tests" {
            return;
        }
        syn::visit::visit_item_mod(self, module);
    }

    /// `pub(super)` names nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// All files of a crate by module.
fn sources(folder: &Path, module: &Module, found: &mut HashMap<Module, Source>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let within = [module.clone(), vec![name.clone()]].concat();
        if path.is_dir() {
            sources(&path, &within, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests" {
            let module =
                if ["mod", "lib", "main"].contains(&name.as_str()) { module.clone() } else { within };
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            let mut collector = Collector { module: module.clone(), source: Source::default() };
            file.items.iter().filter(|item| !is_test(item)).for_each(|item| collector.visit_item(item));
            found.insert(module, collector.source);
        }
    }
}

fn is_test(item: &Item) -> bool {
    matches!(item, Item::Mod(module) if module.ident == "tests" || module.ident == "simulation")
}

/// The file in which what a path names stands, behind all files that only hand it on.
fn file_of(sources: &HashMap<Module, Source>, path: &[String], depth: usize) -> Option<Module> {
    let (module, rest) = (0..=path.len()).rev().find_map(|at| {
        let (module, rest) = path.split_at(at);
        sources.contains_key(module).then_some((module, rest))
    })?;
    let handed = rest.first().and_then(|name| sources[module].handed_on.get(name));
    match handed.filter(|_| depth < 8) {
        Some(elsewhere) => file_of(sources, elsewhere, depth + 1).or_else(|| Some(module.to_vec())),
        None => Some(module.to_vec()),
    }
}

/// The circles of a crate that are larger than allowed.
fn circles(folder: &Path) -> Vec<Vec<String>> {
    let mut found = HashMap::new();
    sources(folder, &Module::new(), &mut found);
    let modules: Vec<&Module> = found.keys().collect();
    let place = |module: &Module| modules.iter().position(|known| *known == module).unwrap() as u32;
    let mut edges = Vec::new();
    for (module, source) in &found {
        for target in source.named.iter().filter_map(|path| file_of(&found, path, 0)) {
            // What stands in the root of a crate binds its modules together; it is no part of a circle.
            if target != *module && !target.is_empty() && !module.is_empty() {
                edges.push((place(module), place(&target)));
            }
        }
    }
    let graph = DiGraph::<(), ()>::from_edges(edges);
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > LARGEST);
    circles.map(|circle| circle.into_iter().map(|at| modules[at.index()].join("::")).collect()).collect()
}

#[test]
fn no_large_circle_of_files() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for folder in fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path()) {
        let circles = circles(&folder.join("src"));
        assert!(circles.is_empty(), "{} has circles of files: {circles:#?}", folder.display());
    }
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ring = ["a", "b", "c", "d", "e"];
    fs::write(folder.path().join("lib.rs"), "mod a; mod b; mod c; mod d; pub mod e; pub use e::E;").unwrap();
    for (at, name) in ring.iter().enumerate() {
        let next = ring[(at + 1) % ring.len()];
        // One link of the ring goes through the root, which hands it on.
        let import = if next == "e" { "use crate::E;".to_owned() } else { format!("use super::{next}::X;") };
        fs::write(folder.path().join(format!("{name}.rs")), import).unwrap();
    }
    assert_eq!(circles(folder.path()).len(), 1);
    fs::write(folder.path().join("c.rs"), "").unwrap();
    assert!(circles(folder.path()).is_empty());
}
