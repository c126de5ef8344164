//! `batch`: up to 50 commands in one request, later ones using the answers of earlier ones (protocol 4).

use std::time::Instant;

use serde_json::json;
use wire::params::take_reserved;
use wire::time::Times;
use wire::{Answer, Limits, Map, Sections, Value, command, fault};

use crate::{modules, rest3};
use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{GLOBAL, Kind, Method, Version, optional, read};
use engine::moment;

/// The method.
pub fn method() -> Method {
    read("batch", GLOBAL, batch)
        .about("Runs up to 50 commands in order and returns all results.")
        .param(optional("cmd", Kind::List, "Commands of the form method?parameters, as a list or by name"))
        .param(optional("halt", Kind::Any, "1 stops at the first command that fails"))
        .example(
            json!({"cmd": {"me": "profile", "lead": "crm.lead.get?id=1", "owner": "user.get?ID=$result[lead][ASSIGNED_BY_ID]"}}),
            json!({"result": {"me": {"ID": "1"}, "lead": {"ID": "1"}, "owner": [{"ID": "*"}]}, "result_error": []}),
        )
}

/// Whether this holds of a call: of its method or, in a batch of either version, of that of any command.
pub fn any(method: &Method, params: &Map, holds: impl Fn(&Method) -> bool) -> bool {
    let of_command = |command: &Value| {
        let method = command.as_str().and_then(|text| modules().find(command::split(text).0));
        method.is_some_and(&holds)
    };
    let in_batch = || params.get_any_case("cmd").is_some_and(|cmd| cmd.items().any(of_command));
    holds(method)
        || match (method.name.as_str(), method.version) {
            ("batch", Version::V2) => in_batch(),
            ("batch", Version::V3) => rest3::steps(params).any(&holds),
            _ => false,
        }
}

fn batch(call: &mut Call<'_, '_>) -> Result<Value> {
    let cmd = call.param("cmd").cloned().unwrap_or_default();
    let halt = call.param("halt").is_some_and(Value::is_truthy);
    let mut sections = Sections::default();
    for entry in command::parse_all(&cmd, &Limits::default()) {
        let outcome = match entry.command {
            Ok(command) => run(call, &mut sections, &command.method, command.params),
            Err(fault) => Err(fault.into()),
        };
        match outcome {
            Ok(answer) => sections.succeed(&entry.key, answer),
            // A store that fails is no matter of one command.
            Err(
                error @ (Error::Store(_) | Error::Blobs(_) | Error::Upload | Error::Write | Error::Pause(_)),
            ) => {
                return Err(error);
            }
            Err(Error::Fault(fault)) => {
                sections.fail(&entry.key, fault);
                if halt {
                    break;
                }
            }
        }
    }
    Ok(sections.into_value())
}

fn run(call: &mut Call<'_, '_>, sections: &mut Sections, name: &str, mut params: Map) -> Result<Answer> {
    let method = modules().find(name).ok_or(fault::METHOD_NOT_FOUND)?;
    if !call.caller.reaches(method) {
        return Err(fault::INSUFFICIENT_SCOPE.into());
    }
    sections.substitute(&mut params)?;
    let start = take_reserved(&mut params).start;
    let began = Instant::now();
    let reply = call.command(method, params, start)?;
    let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let time = Times {
        start_us: call.now.0,
        finish_us: call.now.0.saturating_add(took),
        processing_us: took,
        offset_seconds: moment::offset(&call.settings.zone, call.now.seconds()),
        operating: None,
        operating_reset_at: call.now.seconds() + 600,
    };
    Ok(Answer { result: reply.result, next: reply.next, total: reply.total, time })
}
