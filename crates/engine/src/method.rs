//! A method, declared once where it is written. Everything else (routing, `methods`, parameter checks,
//! the request builder, samples, coverage, a test of each example) is derived from the declaration.
//!
//! ```ignore
//! write("department.delete", "department", delete)
//!     .about("Deletes an empty department.")
//!     .param(required("ID", Kind::Id, "Department to delete"))
//!     .example(json!({"ID": 3}), json!(true))
//! ```

use wire::{Fault, Map, Value};

use crate::call::Call;
use crate::dto::Dto;
use crate::error::Result;
pub use crate::param::{Kind, Param, Style, optional, required};
use crate::scopes::Scope;
pub use wire::Version;

/// The function that runs when the method is called.
pub type Handler = Box<dyn Fn(&mut Call<'_, '_>) -> Result<Value> + Send + Sync>;

/// The scope of methods that every webhook may call (protocol 7.4).
pub const GLOBAL: &str = "";

/// What the last word of a method's name begins with when it takes data away: `crm.lead.delete`, `disk.folder.deletetree`.
pub const DESTROYS: [&str; 11] = [
    "clear",
    "delete",
    "destroy",
    "erase",
    "kill",
    "markdeleted",
    "remove",
    "terminate",
    "unbind",
    "unregister",
    "unset",
];

/// A method's declaration.
pub struct Method {
    /// Its name as documented; looked up without regard to case.
    pub name: String,
    /// The version of the protocol in which it is called: there may be one of the same name in the other.
    pub version: Version,
    /// The module that declares it; known once it is listed.
    pub module: &'static str,
    /// What REST 3.0 shows of the things that it is about.
    pub dto: Option<&'static Dto>,
    /// The scope that a webhook needs, or [`GLOBAL`].
    pub scope: &'static str,
    /// What a module declares of that scope; known once it is listed.
    pub declared: Option<&'static Scope>,
    /// Whether it changes data, and so runs on a write lane.
    pub writes: bool,
    /// Whether it takes data away, so that the console asks before it runs: by the verb of its name (see [`DESTROYS`]),
    /// or because the declaration says so.
    pub destroys: bool,
    /// Whether it may hold the writer for longer than others, because it goes through a whole table.
    pub lengthy: bool,
    /// Whether it may send a file in the place of an answer: by a redirection to it.
    pub sends: bool,
    /// Whether parameters count by their place, whatever they are called.
    pub positional: bool,
    /// How errors about its parameters are worded.
    pub style: Style,
    /// A one-line description.
    pub about: String,
    /// Its parameters in documented order.
    pub params: Vec<Param>,
    /// Calls with their answers; each of them is run by a test.
    pub examples: Vec<Example>,
    /// The refusal of methods that need an application.
    pub refused: bool,
    /// What opens one of those to a webhook all the same: "the integration keeps its events for pick-up".
    pub unless: Option<&'static str>,
    pub(crate) handler: Handler,
}

/// A call and what it answers on the demo portal. In the answer, maps may leave keys out and the text
/// `"*"` stands for any value.
#[derive(Clone, Debug)]
pub struct Example {
    /// Parameters of the call.
    pub params: serde_json::Value,
    /// The expected `result`.
    pub answer: serde_json::Value,
}

/// A method that only reads.
pub fn read(
    name: impl Into<String>,
    scope: &'static str,
    handler: impl Fn(&mut Call<'_, '_>) -> Result<Value> + Send + Sync + 'static,
) -> Method {
    Method {
        name: name.into(),
        version: Version::V2,
        module: "",
        dto: None,
        scope,
        declared: None,
        writes: false,
        destroys: false,
        lengthy: false,
        sends: false,
        positional: false,
        style: Style::Legacy,
        about: String::new(),
        params: Vec::new(),
        examples: Vec::new(),
        refused: false,
        unless: None,
        handler: Box::new(handler),
    }
}

/// A method that changes data.
pub fn write(
    name: impl Into<String>,
    scope: &'static str,
    handler: impl Fn(&mut Call<'_, '_>) -> Result<Value> + Send + Sync + 'static,
) -> Method {
    let name = name.into();
    Method { writes: true, destroys: says_that_it_destroys(&name), ..read(name, scope, handler) }
}

fn says_that_it_destroys(name: &str) -> bool {
    let verb = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    DESTROYS.iter().any(|word| verb.starts_with(word))
}

impl Method {
    /// Says what the method does, in one line.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Adds a parameter.
    pub fn param(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// Adds an example: the parameters of a call and the `result` of its answer on the demo portal.
    pub fn example(mut self, params: serde_json::Value, answer: serde_json::Value) -> Self {
        self.examples.push(Example { params, answer });
        self
    }

    /// Words its parameter errors as the camelCase methods do.
    pub fn controller(mut self) -> Self {
        self.style = Style::Controller;
        self
    }

    /// Is called in REST 3.0, and is about such things.
    pub fn v3(self, dto: Option<&'static Dto>) -> Self {
        Method { version: Version::V3, dto, style: Style::Exceptions, ..self }
    }

    /// Leaves complaints about parameters to the handler.
    pub fn own_words(mut self) -> Self {
        self.style = Style::Own;
        self
    }

    /// Takes parameters by their place, whatever they are called.
    pub fn positional(mut self) -> Self {
        self.positional = true;
        self
    }

    /// Says that it may send a file in the place of an answer.
    pub fn sends(mut self) -> Self {
        self.sends = true;
        self
    }

    /// Says that it takes data away although its name does not.
    pub fn destroys(mut self) -> Self {
        self.destroys = true;
        self
    }

    /// Lets it hold the writer for as long as it takes: for what administrators seldom do.
    pub fn lengthy(mut self) -> Self {
        self.lengthy = true;
        self
    }

    /// Marks a method that no webhook may call; its handler gives the refusal.
    pub fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Marks a method that a webhook may call only in one case; its handler tells that, and gives the refusal in any other.
    pub fn refused_unless(self, case: &'static str) -> Self {
        Method { unless: Some(case), ..self.refused() }
    }

    /// Whether it gives its refusal to every webhook: no webhook can have its scope, so none is asked for it.
    pub fn refuses_everybody(&self) -> bool {
        self.refused && self.declared.is_some_and(|scope| !scope.offered)
    }

    /// Whether a webhook with these scopes (separated by commas) may call it.
    pub fn is_open_to(&self, scopes: &str) -> bool {
        let granted = |wanted: &str| scopes.split(',').any(|scope| scope == wanted);
        let any = |wanted: &[&str]| wanted.iter().any(|wanted| granted(wanted));
        self.scope == GLOBAL
            || granted(self.scope)
            || self.declared.is_some_and(|scope| any(scope.same) || (!self.writes && any(scope.readers)))
    }
}

impl std::fmt::Debug for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Method({})", self.name)
    }
}

/// The answer of a method: its result and, for lists, the paging of protocol 5.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The `result`.
    pub result: Value,
    /// All rows that match.
    pub total: Option<i64>,
    /// Where the next page starts.
    pub next: Option<i64>,
    /// The link to a file that is sent in the place of the result.
    pub sends: Option<String>,
    /// The error that is answered in its place, though what was done before it stays: that of a command of a batch of REST 3.0.
    pub fault: Option<Fault>,
}

/// Parameters given as JSON, for examples and tests.
pub fn params(json: &serde_json::Value) -> Map {
    Value::from(json.clone()).into_map().unwrap_or_default()
}
