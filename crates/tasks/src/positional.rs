//! Families whose parameters count by their place, whatever they are called: `task.checklistitem.*` and the like. Each is
//! described once, as its manifest tells it; parameters are checked by that, in the words that those families have.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// A family.
#[derive(Debug)]
pub struct Family {
    /// The prefix of its methods: `task.checklistitem`.
    pub path: &'static str,
    /// What errors call it: `ctaskchecklistitem`.
    pub class: &'static str,
    /// The version of its manifest, and what stands beside it.
    pub manifest: &'static [(&'static str, &'static str)],
    /// Fields that requests give.
    pub writable: &'static [&'static str],
    /// Fields that requests may give though the manifest does not tell of them.
    pub unlisted: &'static [&'static str],
    /// Fields that answers have.
    pub readable: &'static [&'static str],
    /// Fields that lists are sorted by.
    pub sortable: &'static [&'static str],
    /// Fields that lists are filtered by.
    pub filterable: &'static [&'static str],
    /// Fields that hold dates.
    pub dates: &'static [&'static str],
    /// Its methods.
    pub steps: &'static [Step],
}

/// A method of a family.
#[derive(Debug)]
pub struct Step {
    /// The last word of its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether it changes data.
    pub writes: bool,
    /// Its parameters in order.
    pub args: &'static [Arg],
    /// How many of them must be there.
    pub mandatory: usize,
    /// Runs it.
    pub run: fn(&mut Call<'_, '_>) -> Result<Value>,
    /// Parameters and answer of an example.
    pub example: fn() -> (Json, Json),
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// Its documented name, by which handlers ask for it.
    pub name: &'static str,
    /// The name in errors and in the manifest.
    pub called: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it is, for people.
    pub about: &'static str,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A whole number
    Int,
    /// Fields with values
    Fields,
    /// Fields with directions
    Order,
    /// Fields with prefixes and values
    Filter,
    /// Names of fields
    Select,
    /// Members with these names
    Members(&'static [&'static str]),
    /// A list or a map of anything
    Array,
}

impl Step {
    /// A number in front that may be left out: a list in its place is the parameter behind it.
    fn shift(&self, params: &mut Map) {
        let leaves_out = self.mandatory == 0 && self.args.first().is_some_and(|arg| arg.takes == Takes::Int);
        let is_array = |value: &Value| value.is_array();
        if leaves_out && self.args.first().and_then(|arg| params.get(arg.name)).is_some_and(is_array) {
            let given: Vec<Value> = std::mem::take(params).into_iter().map(|(_, value)| value).collect();
            *params = self.args.iter().skip(1).map(|arg| arg.name.into()).zip(given).collect();
        }
    }
}

/// A parameter of that name.
pub const fn arg(name: &'static str, called: &'static str, takes: Takes, about: &'static str) -> Arg {
    Arg { name, called, takes, about }
}

/// The task.
pub const TASK: Arg = arg("TASKID", "taskId", Takes::Int, "ID of the task");
/// A row of the family.
pub const ITEM: Arg = arg("ITEMID", "itemId", Takes::Int, "ID");

/// The prefixes of filters.
const PREFIXES: [&str; 6] = ["!", "<=", "<", ">=", ">", ""];

/// An error of these families: its number, text and code.
pub fn exception(number: u16, text: &str, code: &str) -> Fault {
    Fault::core(format!("TASKS_ERROR_EXCEPTION_#{number}; {text}; {number}/TE/{code}<br>"))
}

/// The error of what could not be done.
pub fn failed(text: &str) -> Fault {
    exception(8, text, "ACTION_FAILED_TO_BE_PROCESSED")
}

/// The error of what may not be done.
pub fn not_allowed(text: &str) -> Fault {
    exception(4, text, "ACTION_NOT_ALLOWED")
}

/// The error of a row that is not there.
pub fn not_found(text: &str) -> Fault {
    exception(512, text, "ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE")
}

impl Family {
    /// Its methods, with the one that describes it.
    pub fn methods(&'static self) -> Vec<Method> {
        let manifest = read(format!("{}.getmanifest", self.path), SCOPE, |_| Ok(self.manifest()))
            .about("Describes the methods of this family and their parameters.")
            .example(json!({}), json!({"REST: available methods": "*"}));
        self.steps.iter().map(|step| self.method(step)).chain([manifest]).collect()
    }

    fn method(&'static self, step: &'static Step) -> Method {
        let name = format!("{}.{}", self.path, step.name);
        let handler = move |call: &mut Call<'_, '_>| {
            step.shift(&mut call.params);
            self.check(step, &call.params)?;
            (step.run)(call)
        };
        let method = if step.writes { write(name, SCOPE, handler) } else { read(name, SCOPE, handler) };
        let (params, answer) = (step.example)();
        let method = method.positional().own_words().about(step.about).example(params, answer);
        let params = step.args.iter().enumerate().map(|(at, arg)| self.param(arg, at < step.mandatory));
        params.fold(method, Method::param)
    }

    fn param(&'static self, arg: &'static Arg, mandatory: bool) -> Param {
        let kind = match arg.takes {
            Takes::Int => Kind::Int,
            Takes::Fields | Takes::Members(_) => Kind::Fields,
            Takes::Order => Kind::Order,
            Takes::Filter => Kind::Filter,
            Takes::Select => Kind::Select,
            Takes::Array => Kind::List,
        };
        let param = if mandatory { required } else { optional };
        let member = |name: &&'static str| optional(name, Kind::Any, "Value of the field");
        let members = match arg.takes {
            Takes::Fields => self.writable.iter().chain(self.unlisted).map(member).collect(),
            Takes::Members(names) => names.iter().map(member).collect(),
            _ => Vec::new(),
        };
        param(arg.name, kind, arg.about).with_members(members)
    }

    /// Checks the parameters of a call.
    fn check(&self, step: &Step, params: &Map) -> Result<()> {
        for (at, arg) in step.args.iter().enumerate() {
            let wrong = |text: &str| {
                Err(exception(256, &format!("Param #{at} ({}) {text}", arg.called), "WRONG_ARGUMENTS").into())
            };
            let method = format!("{}::{}()", self.class, step.name.to_ascii_lowercase());
            let Some(value) = params.get(arg.name) else {
                if at < step.mandatory {
                    return wrong(&format!("expected by method {method}, but not given."));
                }
                continue;
            };
            let wanted = if arg.takes == Takes::Int { "integer" } else { "array" };
            let fits = match arg.takes {
                Takes::Int if at >= step.mandatory && value.is_empty() => true,
                Takes::Int => value.text().is_some_and(|text| text.trim().parse::<i64>().is_ok()),
                // An optional one may be left empty.
                _ => value.is_array() || (value.is_empty() && at >= step.mandatory),
            };
            if !fits {
                let text = format!(
                    "for method {method} expected to be of type \"{wanted}\", but given something else."
                );
                return wrong(&text);
            }
            if let Some(key) = self.unknown(arg, value) {
                return wrong(&format!("for method {method} must not contain key \"{key}\"."));
            }
        }
        Ok(())
    }

    /// The first key that a parameter must not have.
    fn unknown(&self, arg: &Arg, value: &Value) -> Option<String> {
        let known = |key: &str| match arg.takes {
            Takes::Fields => self.writable.contains(&key) || self.unlisted.contains(&key),
            Takes::Order => self.sortable.contains(&key),
            Takes::Filter => {
                let bare = PREFIXES.iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key);
                self.filterable.contains(&bare)
            }
            Takes::Members(names) => names.contains(&key),
            Takes::Int | Takes::Select | Takes::Array => true,
        };
        let mut keys = value.entries().map(|(key, _)| key.into_owned());
        keys.find(|key| !known(&key.to_ascii_uppercase()) && !known(key))
    }

    /// What the family says of itself.
    fn manifest(&self) -> Value {
        let mut manifest = Map::with_capacity(10);
        self.manifest.iter().for_each(|(name, value)| manifest.push(*name, *value));
        let alias = self.path.rsplit('.').next().unwrap_or_default();
        manifest.push("REST: shortname alias to class", alias);
        for (what, fields) in [
            ("writable", self.writable),
            ("readable", self.readable),
            ("sortable", self.sortable),
            ("filterable", self.filterable),
        ] {
            if !fields.is_empty() {
                manifest.push(format!("REST: {what} {alias} data fields"), list(fields));
            }
        }
        manifest.push("REST: date fields", list(self.dates));
        let mut methods = Map::with_capacity(self.steps.len() + 1);
        methods.push("getmanifest", Value::from(json!({"staticMethod": true, "params": []})));
        for step in self.steps {
            methods.push(step.name.to_ascii_lowercase(), self.step(step));
        }
        manifest.push("REST: available methods", methods);
        manifest.into()
    }

    fn step(&self, step: &Step) -> Value {
        let mut shown = Map::with_capacity(5);
        let lists = step.name == "getlist";
        shown.push("staticMethod", lists || step.name == "add");
        if step.mandatory > 0 {
            shown.push("mandatoryParamsCount", step.mandatory as i64);
        }
        let arg = |arg: &Arg| {
            let mut shown = Map::with_capacity(4);
            shown.push("description", arg.called);
            shown.push("type", if arg.takes == Takes::Int { "integer" } else { "array" });
            match arg.takes {
                Takes::Fields => shown.push("allowedKeys", list(self.writable)),
                Takes::Order => shown.push("allowedKeys", list(self.sortable)),
                Takes::Filter => {
                    shown.push("allowedKeys", list(self.filterable));
                    shown.push("allowedKeyPrefixes", list(&PREFIXES[..5]));
                }
                Takes::Select => shown.push("allowedValues", list(&[&["", "*"], self.readable].concat())),
                Takes::Members(names) => shown.push("allowedKeys", list(names)),
                Takes::Int | Takes::Array => {}
            }
            Value::from(shown)
        };
        shown.push("params", step.args.iter().map(arg).collect::<Vec<_>>());
        if lists || step.name == "get" {
            shown.push("allowedKeysInReturnValue", list(self.readable));
        }
        if lists {
            shown.push("collectionInReturnValue", true);
        }
        shown.into()
    }
}

fn list(names: &[&'static str]) -> Vec<Value> {
    names.iter().map(|name| Value::from(*name)).collect()
}

/// The members of a parameter under their upper-case names.
pub fn members(call: &Call<'_, '_>, name: &str) -> Map {
    call.fields(name).into_iter().map(|(name, value)| (name.to_ascii_uppercase(), value)).collect()
}
