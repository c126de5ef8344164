//! The tools: to find methods by words, to describe one and to call one, since there are over a thousand. Where a webhook opens
//! only a few, each of them is a tool as well. Any of them may be called by the name of its tool, listed or not.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use hyper::http::request::Parts;
use portal::describe::{self, openapi};
use portal::method::{GLOBAL, Method, Version};
use portal::texts::Language;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, JsonObject,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use super::Visitor;
use super::call::{Called, call, version_of};
use crate::http::Rest;

/// Methods that are listed as tools of their own, if a webhook opens no more of them.
const LISTED: usize = 60;
/// Letters of a tool's name that clients take.
const NAME: usize = 64;
/// Methods that are found at once.
const PAGE: u64 = 20;
/// The tool that is not offered to whoever may only read.
const WRITES: &str = "write_method";
/// The most of them.
const MOST: u64 = 50;
/// Letters of a question.
const QUESTION: usize = 400;

const INSTRUCTIONS: &str = "Tools of a Portreeve portal, which speaks the Bitrix24 REST protocol. Its methods have names such as \
crm.deal.list. Find methods with find_methods, look at the parameters of one with describe_method, and call it with read_method if it \
changes nothing, or with write_method. Lists come in pages: an answer says how to ask for the next one.";

/// The tools of a portal.
#[derive(Clone)]
pub struct Tools {
    rest: Arc<Rest>,
}

impl Tools {
    pub fn new(rest: Arc<Rest>) -> Self {
        Tools { rest }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("portreeve", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let visitor = visitor(&context)?;
        let mut own = describe::find("", |method| method.scope != GLOBAL && visitor.may(method));
        if own.len() > LISTED {
            own.clear();
        }
        let own = own.into_iter().filter(|method| tool_name(method).len() <= NAME).filter_map(of_method);
        let reads = visitor.reads();
        let general = GENERAL.iter().filter(|tool| !(reads && tool.name == WRITES));
        let tools = general.cloned().chain(own).collect();
        Ok(ListToolsResult { tools, ..ListToolsResult::default() })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let visitor = visitor(&context)?;
        let said = request.arguments.unwrap_or_default();
        if let Some(mistake) = mistake(&request.name, &said) {
            return Ok(wrong(mistake).into());
        }
        let said = Value::Object(said);
        let result = match &*request.name {
            "find_methods" => find(&visitor, &said),
            "describe_method" => describe_one(&visitor, &said),
            "read_method" | WRITES => {
                let method = said["method"].as_str().unwrap_or_default();
                let called = Called {
                    version: wanted_version(&said),
                    method,
                    params: &said["params"],
                    reads: request.name == "read_method",
                };
                call(&self.rest, &visitor, called).await
            }
            name => match by_tool_name(name) {
                Some(method) => {
                    let called = Called {
                        version: Some(method.version),
                        method: &method.name,
                        params: &said,
                        reads: false,
                    };
                    call(&self.rest, &visitor, called).await
                }
                None => {
                    return Err(ErrorData::invalid_params(format!("There is no tool {}.", cut(name)), None));
                }
            },
        };
        Ok(result.into())
    }
}

/// Who asks; the door has put it beside the request.
fn visitor(context: &RequestContext<RoleServer>) -> Result<Arc<Visitor>, ErrorData> {
    let parts = context.extensions.get::<Parts>();
    let visitor = parts.and_then(|parts| parts.extensions.get::<Arc<Visitor>>()).cloned();
    visitor.ok_or_else(|| ErrorData::internal_error("The request came by no door.", None))
}

/// The tools for all methods.
static GENERAL: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    let which = || {
        json!({
            "method": {"type": "string", "description": "Name, such as crm.deal.list"},
            "version": {"type": "string", "enum": ["v2", "v3"], "description": "Version of the protocol; needed only where both have the method"},
        })
    };
    let called = || {
        let mut properties = which();
        properties["params"] = json!({"type": ["object", "array"], "description": "Parameters, as describe_method describes them"});
        object(&properties, &["method"])
    };
    let words = json!({
        "words": {"type": "string", "maxLength": QUESTION, "description": "Words of what is to be done, such as: add contact to deal"},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
        "offset": {"type": "integer", "minimum": 0, "default": 0},
    });
    let reading = |name: &'static str, about: &'static str, schema: JsonObject| {
        tool(name.to_owned(), about.to_owned(), schema, ToolAnnotations::new().read_only(true))
    };
    let mut tools = vec![
        reading(
            "find_methods",
            "Finds methods that the webhook may call by words, best first.",
            object(&words, &["words"]),
        ),
        reading(
            "describe_method",
            "Describes a method: its parameters as JSON Schema, and examples.",
            object(&which(), &["method"]),
        ),
        reading("read_method", "Calls a method that changes nothing.", called()),
    ];
    let changes = ToolAnnotations::new().read_only(false).destructive(true);
    let about = "Calls a method, also one that changes or deletes data.";
    tools.push(tool(WRITES.to_owned(), about.to_owned(), called(), changes));
    tools
});

/// What is wrong with the arguments of a tool for all methods: one that it does not take, or lacks.
fn mistake(name: &str, said: &JsonObject) -> Option<String> {
    let tool = GENERAL.iter().find(|tool| tool.name == name)?;
    let names: Vec<&String> = tool.input_schema["properties"].as_object()?.keys().collect();
    let list = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let required = tool.input_schema["required"].as_array()?;
    if let Some(unknown) = said.keys().find(|name| !names.contains(name)) {
        return Some(format!("{name} takes no {}. Its arguments are {list}.", cut(unknown)));
    }
    let missing = required.iter().filter_map(Value::as_str).find(|name| !said.contains_key(*name))?;
    Some(format!("{name} needs {missing}. Its arguments are {list}."))
}

/// A method as a tool of its own; `None` for the few whose parameters are a list.
fn of_method(method: &'static Method) -> Option<Tool> {
    let Value::Object(schema) = openapi::request(method, Language::English, openapi::Dialect::New) else {
        return None;
    };
    if schema["type"] != "object" {
        return None;
    }
    let hints = ToolAnnotations::with_title(method.name.clone()).read_only(!method.writes);
    let hints = if method.writes { hints.destructive(method.destroys) } else { hints };
    Some(tool(tool_name(method), method.about.clone(), schema, hints))
}

fn tool(name: String, about: String, schema: JsonObject, hints: ToolAnnotations) -> Tool {
    Tool::new(name, about, schema).with_annotations(hints.open_world(false))
}

fn object(properties: &Value, required: &[&str]) -> JsonObject {
    let schema = json!({"type": "object", "properties": properties, "required": required});
    schema.as_object().cloned().unwrap_or_default()
}

/// Clients take no dots in the name of a tool.
fn tool_name(method: &Method) -> String {
    let name = method.name.replace('.', "_");
    if method.version == Version::V3 { format!("v3_{name}") } else { name }
}

fn by_tool_name(name: &str) -> Option<&'static Method> {
    static NAMES: LazyLock<HashMap<String, &'static Method>> =
        LazyLock::new(|| openapi::served().map(|method| (tool_name(method), method)).collect());
    NAMES.get(name).copied()
}

fn find(visitor: &Visitor, said: &Value) -> CallToolResult {
    let words: String = said["words"].as_str().unwrap_or_default().chars().take(QUESTION).collect();
    let limit = said["limit"].as_u64().unwrap_or(PAGE).clamp(1, MOST) as usize;
    let offset = said["offset"].as_u64().and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
    let found = describe::find(&words, |method| visitor.may(method));
    let page = found.iter().skip(offset).take(limit).map(|method| {
        json!({"method": method.name, "version": method.version.name(), "about": method.about, "writes": method.writes})
    });
    let mut answer = json!({"total": found.len(), "methods": page.collect::<Value>()});
    let next = offset.saturating_add(limit);
    if next < found.len() {
        answer["next_offset"] = next.into();
    }
    text(answer.to_string())
}

fn describe_one(visitor: &Visitor, said: &Value) -> CallToolResult {
    let name = said["method"].as_str().unwrap_or_default();
    let version = version_of(name, wanted_version(said));
    let found =
        openapi::served().find(|method| method.version == version && method.name.eq_ignore_ascii_case(name));
    match found {
        None => wrong(format!("There is no method {}. Find methods with find_methods.", cut(name))),
        Some(method) if !visitor.may(method) => wrong(format!(
            "The webhook may not call {}: it does not have the permission {}, or may only read.",
            method.name, method.scope
        )),
        Some(method) => {
            let examples = method
                .examples
                .iter()
                .map(|example| json!({"params": example.params, "result": example.answer}));
            text(
                json!({
                    "method": method.name,
                    "version": method.version.name(),
                    "about": method.about,
                    "writes": method.writes,
                    "tool": if method.writes { WRITES } else { "read_method" },
                    "params": openapi::request(method, Language::English, openapi::Dialect::New),
                    "examples": examples.collect::<Value>(),
                })
                .to_string(),
            )
        }
    }
}

fn wanted_version(said: &Value) -> Option<Version> {
    Version::ALL.into_iter().find(|version| said["version"] == version.name())
}

fn text(text: String) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}

fn wrong(said: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(said)])
}

/// What a request says, cut to what an answer repeats.
fn cut(said: &str) -> String {
    said.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_methods_are_one_tool() {
        let names: Vec<String> = openapi::served().map(tool_name).collect();
        let different: HashSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(different.len(), names.len());
        let fits = |name: &&str| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        };
        assert!(different.iter().all(fits));
    }
}
