//! The context of a method: the transaction, the caller and the parameters of one call.

use std::mem::take;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::tz::TimeZone;
use store::Tx;
use tracing::field::Empty;
use wire::params::Start;
use wire::{Fault, Map, Text, Value};

use crate::Core;
use crate::access::Stand;
use crate::check::{by_place, check, rename};
use crate::entity::Entity;
use crate::entity::count::Changes;
use crate::error::{Error, Result, answer_too_large};
use crate::event::Notice;
use crate::files::Uploads;
use crate::meta::Meta;
use crate::method::{Method, Reply};
use crate::moment::{Clock, Moment};
use crate::settings::Settings;
use crate::texts::{Locale, Topic};
use crate::timetable::{self, Job};

/// The caller: the webhook, and the owner it acts as.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The webhook's id.
    pub hook_id: i64,
    /// The integration whose part it is.
    pub integration_id: i64,
    /// Its scopes, separated by commas.
    pub scopes: Text,
    /// Whether it may call only methods that change nothing.
    pub read_only: bool,
    /// The owner.
    pub user_id: i64,
    /// Whether the owner is an administrator: may do everything.
    pub is_admin: bool,
    /// The zone in which the owner reads times.
    pub zone: TimeZone,
}

/// One use of a method, from the point of view of its handler. It runs whole within one transaction.
pub struct Call<'c, 'tx> {
    /// The transaction.
    pub tx: &'c mut Tx<'tx>,
    /// The shared state of the portal.
    pub core: &'c Core,
    /// Dictionaries, fields, departments, roles and listeners as of this transaction.
    pub meta: Arc<Meta>,
    /// The settings that hold, as of this transaction.
    pub settings: Arc<Settings>,
    /// The caller.
    pub caller: &'c Caller,
    /// The language in which titles and names are answered: the portal's, in the console the reader's.
    pub language: Locale,
    /// The method called.
    pub method: &'static Method,
    /// Its parameters, without those that the server consumes.
    pub params: Map,
    /// Where a list starts.
    pub start: Start,
    /// Where the request came from; `None` for what the portal does by itself.
    pub address: Option<IpAddr>,
    /// When the request came in. Handlers ask this instead of the clock: a call may run twice on PostgreSQL.
    pub now: Moment,
    /// Set by lists: all rows that match.
    pub total: Option<i64>,
    /// Set by lists: where the next page starts.
    pub next: Option<i64>,
    /// Set by methods that send a file: the link to it.
    pub sends: Option<String>,
    /// Set by a batch of REST 3.0: the error that ended it.
    pub fault: Option<Fault>,
    /// Whether this call is a command of a batch.
    pub in_batch: bool,
    /// How many events lie before this call in its chain.
    pub hop: u8,
    /// Work that is written at the end of the whole call.
    pub owed: Owed,
    /// The contents of files that the call brings.
    pub uploads: &'c Uploads,
    /// Bytes that may still be answered, by all commands of a batch together.
    pub room: usize,
    /// Says how an operator has a command of a batch end that calls this method.
    pub forces: Option<&'c dyn Fn(&'static Method) -> Option<Forced>>,
}

/// The end that an operator has a command of a batch come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Forced {
    /// The error.
    pub fault: Fault,
    /// Whether the command is performed all the same.
    pub after: bool,
}

/// Bytes of memory that what one call answers takes at most, and all commands of a batch: no page of useful items comes near.
pub const ANSWER: usize = 64 << 20;

/// The memory that a batch may use beyond that for keys, errors and times.
pub const ENVELOPE: usize = 8 << 20;

/// What a call has done and not written yet, since a batch writes it once for all its commands.
#[derive(Debug, Default)]
pub struct Owed {
    /// Events that were raised.
    pub notices: Vec<Notice>,
    /// How the numbers of items changed.
    pub counts: Changes,
    /// The item that is being deleted, by its kind and id, as it stood: who could read it may know of what goes with it.
    pub leaving: Option<(i64, i64, Stand)>,
}

impl Caller {
    /// Whether this is a signed-in person, or the portal itself, and no webhook.
    pub fn is_hookless(&self) -> bool {
        self.hook_id == 0
    }

    /// The same webhook in the name of another user, for whom the caller was found to may act.
    #[must_use]
    pub fn as_user(&self, user_id: i64, is_admin: bool) -> Self {
        Caller { user_id, is_admin, ..self.clone() }
    }

    /// Whether the webhook opens a method.
    pub fn may_call(&self, method: &Method) -> bool {
        method.is_open_to(&self.scopes) && !(self.read_only && method.writes)
    }

    /// Whether a call of the webhook comes as far as the method, be it to be refused there.
    pub fn reaches(&self, method: &Method) -> bool {
        method.refuses_everybody() || self.may_call(method)
    }
}

impl<'c, 'tx> Call<'c, 'tx> {
    /// Sees to it that the call may write from here on: for what is made when it is first asked for.
    ///
    /// # Errors
    /// [`Error::Write`] when it may not. Handlers pass it on; the call is run again then.
    pub fn write_from_here(&self) -> Result<()> {
        if self.tx.reads_only() { Err(Error::Write) } else { Ok(()) }
    }

    /// A parameter, by its documented name in any case.
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.params.get_any_case(name)
    }

    /// The clock that dates in the request are read by.
    pub fn clock(&self) -> Clock<'c> {
        Clock { zone: &self.caller.zone, now: self.now }
    }

    /// A parameter that was checked to be an id.
    pub fn id(&self, name: &str) -> i64 {
        self.param(name).and_then(Value::as_int).unwrap_or(0)
    }

    /// The text of a scalar parameter; `None` when it is missing or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.param(name)?.text()?;
        Some(text.into_owned()).filter(|text| !text.is_empty())
    }

    /// The members of an object parameter; none when it is missing or a scalar.
    pub fn fields(&self, name: &str) -> Map {
        self.param(name).cloned().and_then(Value::into_map).unwrap_or_default()
    }

    /// A flag parameter; false when it is missing.
    pub fn flag(&self, name: &str) -> bool {
        self.param(name).and_then(Value::as_flag).unwrap_or(false)
    }

    /// A name that the portal itself gives, such as that of a new chat or a title that it writes, in the portal's language.
    pub fn portal_name<'n>(&self, english: &'n str) -> &'n str {
        self.core.locale(self.settings.language).text(Topic::Names, english)
    }

    /// The entity with this number, with its user fields.
    pub fn entity(&self, type_id: i64) -> Option<Arc<Entity>> {
        self.meta.entity(type_id)
    }

    /// Schedules a job with this call: both happen, or neither. See [`timetable::schedule`].
    pub fn schedule(&mut self, job: &Job, key: &str, due: Moment, payload: &str) -> Result<()> {
        timetable::schedule(self.tx, job, key, due, payload)
    }

    /// Takes a job off the timetable with this call; false when it was not there.
    pub fn cancel(&mut self, job: &Job, key: &str) -> Result<bool> {
        timetable::cancel(self.tx, job, key)
    }

    /// Refuses callers who are no administrators with the legacy CRM's words.
    pub fn require_admin(&self) -> Result<()> {
        if self.caller.is_admin { Ok(()) } else { Err(Fault::crm("Access denied.").into()) }
    }

    /// To be called after a change of anything that [`Meta`] holds: the rest of this transaction and
    /// every later one sees it.
    pub fn meta_changed(&mut self) -> Result<()> {
        Meta::outdate(self.tx)?;
        self.meta = self.core.modules.meta(self.tx)?;
        Ok(())
    }

    /// Runs a command of a batch, unless an operator has it end otherwise. See [`sub`](Call::sub).
    ///
    /// # Errors
    /// Those of the method, and that of the operator.
    pub fn command(&mut self, method: &'static Method, params: Map, start: Option<Start>) -> Result<Reply> {
        let name = method.name.as_str();
        let span = tracing::info_span!(target: store::SPANS, "command", otel.name = name, error.type = Empty);
        let outcome = span.in_scope(|| self.forced(method, params, start));
        if let (Err(Error::Fault(fault)), false) = (&outcome, span.is_disabled()) {
            span.record("error.type", &*fault.kind());
        }
        outcome
    }

    fn forced(&mut self, method: &'static Method, params: Map, start: Option<Start>) -> Result<Reply> {
        match self.forces.and_then(|forces| forces(method)) {
            Some(forced) if !forced.after => Err(forced.fault.into()),
            Some(forced) => self.sub(method, params, start).and(Err(forced.fault.into())),
            None => self.sub(method, params, start),
        }
    }

    /// Runs another method as the same caller within the same transaction, as `batch` does. A method that
    /// writes and fails leaves nothing behind.
    pub fn sub(&mut self, method: &'static Method, params: Map, start: Option<Start>) -> Result<Reply> {
        self.sub_as(self.caller, method, params, start)
    }

    /// The same as another caller: as a bot that is the caller's own.
    pub fn sub_as(
        &mut self,
        caller: &Caller,
        method: &'static Method,
        params: Map,
        start: Option<Start>,
    ) -> Result<Reply> {
        let (core, now, meta) = (self.core, self.now, Arc::clone(&self.meta));
        let (hop, settings, address) = (self.hop, Arc::clone(&self.settings), self.address);
        let (language, room, uploads, forces) = (self.language, self.room, self.uploads, self.forces);
        // The counts come along, for a total to be right; should the command fail, they stay what they were.
        let owed = Owed { notices: Vec::new(), counts: self.owed.counts.clone(), leaving: None };
        let run = |tx: &mut Tx<'_>| {
            let mut call = Call {
                tx,
                core,
                meta,
                settings,
                caller,
                language,
                method,
                params,
                start: start.unwrap_or(Start::At(0)),
                address,
                now,
                total: None,
                next: None,
                sends: None,
                fault: None,
                in_batch: true,
                hop,
                owed,
                uploads,
                room,
                forces,
            };
            let reply = call.run()?;
            // In here, for a change whose answer has no room to be undone.
            let room = room.checked_sub(reply.result.weight()).ok_or_else(answer_too_large)?;
            Ok::<_, Error>((reply, call.meta, call.owed, room))
        };
        let (reply, meta, owed, room) = if method.writes { self.tx.savepoint(run)? } else { run(self.tx)? };
        self.room = room;
        self.meta = meta;
        self.owed.notices.extend(owed.notices);
        self.owed.counts = owed.counts;
        Ok(reply)
    }

    /// What a method of another module answers the same caller; `None` where no module has it. Scopes are not asked for.
    ///
    /// # Errors
    /// Those of the method.
    pub fn ask(&mut self, method: &str, params: impl Into<Value>) -> Result<Option<Value>> {
        self.ask_as(self.caller, method, params)
    }

    /// What it answers another caller: see [`Caller::as_user`].
    ///
    /// # Errors
    /// Those of the method.
    pub fn ask_as(
        &mut self,
        caller: &Caller,
        method: &str,
        params: impl Into<Value>,
    ) -> Result<Option<Value>> {
        let Some(found) = self.core.modules.find(method) else { return Ok(None) };
        let params = params.into().into_map().unwrap_or_default();
        Ok(Some(self.sub_as(caller, found, params, None)?.result))
    }

    /// Writes what is owed; to be called once, at the end. Gives the events that were raised, to be put into the queue.
    pub fn settle(&mut self) -> Result<Vec<Notice>> {
        let mut owed = take(&mut self.owed);
        owed.counts.write(self.tx)?;
        Ok(owed.notices)
    }

    /// Checks the parameters and runs the method.
    pub fn run(&mut self) -> Result<Reply> {
        if self.method.positional {
            by_place(&self.method.params, &mut self.params);
        } else {
            rename(self.method.style, &self.method.params, &mut self.params);
        }
        check(self.method.style, &self.method.params, self.method.dto, &self.params)?;
        let result = (self.method.handler)(self)?;
        Ok(Reply {
            result,
            total: self.total,
            next: self.next,
            sends: self.sends.take(),
            fault: self.fault.take(),
        })
    }
}
