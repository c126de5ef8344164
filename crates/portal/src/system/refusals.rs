//! The methods that need the context of an application: a webhook that calls one is refused (protocol 7.4).
//!
//! They are known all the same, so that a client gets the documented refusal and not
//! `ERROR_METHOD_NOT_FOUND`. `app.info` is not among them, as it does answer a webhook; methods of REST 3.0
//! are not, as they are not under `/rest/`. Where protocol and documentation differ, the protocol wins.

use wire::{Fault, fault};

use engine::method::{Method, read};

/// The methods: each is known and gives its refusal.
pub fn methods() -> Vec<Method> {
    let method = |refusal: &'static Refusal| {
        let refuse = move |_: &mut engine::call::Call<'_, '_>| Err(refusal.error.fault().into());
        read(refusal.method, refusal.scope, refuse).about(refusal.about).refused()
    };
    REFUSALS.iter().map(method).collect()
}

/// A method and its refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The method's documented name.
    pub method: &'static str,
    /// The scope it belongs to, checked before the refusal where a webhook can have it; empty for a global method.
    pub scope: &'static str,
    /// The refusal for a webhook with that scope.
    pub error: Refused,
    /// A one-line description of the method for applications.
    pub about: &'static str,
}

/// How a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 403 `WRONG_AUTH_TYPE`: "Current authorization type is denied for this method"
    WrongAuthType,
    /// The same with 401, and "Application context required" behind it
    Unauthorized,
    /// 403 `ACCESS_DENIED`: "Access denied! Application context required"
    ApplicationContext,
    /// 400 with an empty code and the same text
    Uncoded,
    /// 400 `AccessException`: "Application context required"
    AccessException,
    /// 400 `ERROR_WRONG_CONTEXT`: "Method call is only possible in the context of a REST application"
    WrongContext,
}

/// The reason for refusing a webhook.
const CONTEXT: &str = "Application context required";

impl Refused {
    fn fault(self) -> Fault {
        let denied = || Fault::access_denied(CONTEXT);
        match self {
            Refused::WrongAuthType => fault::WRONG_AUTH_TYPE.into(),
            Refused::Unauthorized => {
                let denied = Fault::from(fault::WRONG_AUTH_TYPE);
                Fault::new(401, denied.code, format!("{} {CONTEXT}", denied.message))
            }
            Refused::ApplicationContext => denied(),
            Refused::Uncoded => Fault::crm(denied().message),
            Refused::AccessException => Fault::new(400, "AccessException", CONTEXT),
            Refused::WrongContext => {
                let text = "Method call is only possible in the context of a REST application";
                Fault::new(400, "ERROR_WRONG_CONTEXT", text)
            }
        }
    }
}

/// Every documented method of this kind.
pub const REFUSALS: &[Refusal] = &[
    auth("event.bind", "", "Binds a handler to an event."),
    auth("event.unbind", "", "Unbinds a handler from an event."),
    auth("event.get", "", "Lists the application's event handlers."),
    auth("event.test", "", "Sends a test event to the application."),
    auth("events", "", "Lists the events that an application can handle."),
    option("app.option.get", "Returns the application's options."),
    option("app.option.set", "Updates the application's options."),
    option("user.option.get", "Returns the application's options for the user."),
    option("user.option.set", "Updates the application's options for the user."),
    auth("placement.bind", "placement", "Binds a page of the application to a placement."),
    auth("placement.unbind", "placement", "Unbinds a page of the application from a placement."),
    auth("placement.get", "placement", "Lists the placements bound by the application."),
    auth("placement.list", "placement", "Lists the available placements."),
    app("biconnector.connector.add", "biconnector", "Adds a connector."),
    app("biconnector.connector.delete", "biconnector", "Deletes a connector."),
    app("biconnector.connector.get", "biconnector", "Returns a connector."),
    app("biconnector.connector.list", "biconnector", "Lists connectors."),
    app("biconnector.connector.update", "biconnector", "Updates a connector."),
    app("biconnector.dataset.add", "biconnector", "Adds a dataset."),
    app("biconnector.dataset.delete", "biconnector", "Deletes a dataset."),
    app("biconnector.dataset.fields", "biconnector", "Describes the fields of datasets."),
    app("biconnector.dataset.fields.update", "biconnector", "Updates the fields of a dataset."),
    app("biconnector.dataset.get", "biconnector", "Returns a dataset."),
    app("biconnector.dataset.list", "biconnector", "Lists datasets."),
    app("biconnector.dataset.update", "biconnector", "Updates a dataset."),
    app("biconnector.source.add", "biconnector", "Adds a source."),
    app("biconnector.source.delete", "biconnector", "Deletes a source."),
    app("biconnector.source.fields", "biconnector", "Describes the fields of sources."),
    app("biconnector.source.get", "biconnector", "Returns a source."),
    app("biconnector.source.list", "biconnector", "Lists sources."),
    app("biconnector.source.update", "biconnector", "Updates a source."),
    app("bizproc.activity.add", "bizproc", "Adds a workflow action."),
    app("bizproc.activity.delete", "bizproc", "Deletes a workflow action."),
    app("bizproc.activity.list", "bizproc", "Lists the application's workflow actions."),
    app("bizproc.activity.update", "bizproc", "Updates a workflow action."),
    app(
        "bizproc.event.send",
        "bizproc",
        "Returns the result of an action or automation rule to its workflow.",
    ),
    app("bizproc.robot.add", "bizproc", "Adds an automation rule."),
    app("bizproc.robot.delete", "bizproc", "Deletes an automation rule."),
    app("bizproc.robot.list", "bizproc", "Lists the application's automation rules."),
    app("bizproc.robot.update", "bizproc", "Updates an automation rule."),
    app("bizproc.workflow.template.add", "bizproc", "Adds a workflow template."),
    app("bizproc.workflow.template.delete", "bizproc", "Deletes a workflow template."),
    app("bizproc.workflow.template.update", "bizproc", "Updates a workflow template."),
    app("crm.activity.badge.add", "crm", "Adds an activity badge."),
    app("crm.activity.badge.delete", "crm", "Deletes an activity badge."),
    app("crm.activity.badge.get", "crm", "Returns an activity badge."),
    app("crm.activity.badge.list", "crm", "Lists activity badges."),
    context("crm.activity.configurable.add", "crm", "Adds a configurable activity."),
    context("crm.activity.configurable.get", "crm", "Returns a configurable activity."),
    context("crm.activity.configurable.update", "crm", "Updates a configurable activity."),
    context("crm.activity.layout.blocks.delete", "crm", "Removes the application's blocks from an activity."),
    context("crm.activity.layout.blocks.get", "crm", "Returns the application's blocks in an activity."),
    context("crm.activity.layout.blocks.set", "crm", "Sets the application's blocks in an activity."),
    uncoded("crm.activity.type.add", "crm", "Adds an activity type."),
    uncoded("crm.activity.type.delete", "crm", "Deletes an activity type."),
    uncoded("crm.activity.type.list", "crm", "Lists the application's activity types."),
    app("crm.automation.trigger.add", "crm", "Adds an automation trigger."),
    app("crm.automation.trigger.delete", "crm", "Deletes an automation trigger."),
    app("crm.automation.trigger.execute", "crm", "Fires an automation trigger of the application."),
    app("crm.automation.trigger.list", "crm", "Lists the application's automation triggers."),
    context(
        "crm.timeline.layout.blocks.delete",
        "crm",
        "Removes the application's blocks from a timeline entry.",
    ),
    context("crm.timeline.layout.blocks.get", "crm", "Returns the application's blocks in a timeline entry."),
    context("crm.timeline.layout.blocks.set", "crm", "Sets the application's blocks in a timeline entry."),
    app("disk.storage.getForApp", "disk", "Returns the application's storage."),
    app("disk.storage.rename", "disk", "Renames the application's storage."),
    app("entity.add", "entity", "Adds a storage."),
    app("entity.delete", "entity", "Deletes a storage."),
    app("entity.get", "entity", "Returns one storage or all storages."),
    app("entity.rights", "entity", "Returns or updates the access rights of a storage."),
    app("entity.update", "entity", "Updates a storage."),
    app("entity.item.add", "entity", "Adds an element to a storage."),
    app("entity.item.delete", "entity", "Deletes an element of a storage."),
    app("entity.item.get", "entity", "Lists the elements of a storage."),
    app("entity.item.update", "entity", "Updates an element of a storage."),
    app("entity.item.property.add", "entity", "Adds a property to the elements of a storage."),
    app("entity.item.property.delete", "entity", "Deletes an element property."),
    app("entity.item.property.get", "entity", "Returns element properties."),
    app("entity.item.property.update", "entity", "Updates an element property."),
    app("entity.section.add", "entity", "Adds a section to a storage."),
    app("entity.section.delete", "entity", "Deletes a section of a storage."),
    app("entity.section.get", "entity", "Lists the sections of a storage."),
    app("entity.section.update", "entity", "Updates a section of a storage."),
    auth("humanresources.hcmlink.company.add", "humanresources.hcmlink", "Adds a linked company."),
    auth("humanresources.hcmlink.company.delete", "humanresources.hcmlink", "Deletes a linked company."),
    auth("humanresources.hcmlink.company.list", "humanresources.hcmlink", "Lists linked companies."),
    auth("humanresources.hcmlink.company.update", "humanresources.hcmlink", "Updates a linked company."),
    auth("humanresources.hcmlink.company.user.list", "humanresources.hcmlink", "Lists linked users."),
    auth("humanresources.hcmlink.employee.list", "humanresources.hcmlink", "Lists linked employees."),
    auth("humanresources.hcmlink.employee.set", "humanresources.hcmlink", "Imports employees."),
    auth("humanresources.hcmlink.field.value.set", "humanresources.hcmlink", "Imports field values."),
    auth(
        "humanresources.hcmlink.job.status.get",
        "humanresources.hcmlink",
        "Returns the state of an exchange.",
    ),
    auth("humanresources.hcmlink.job.update", "humanresources.hcmlink", "Updates the state of an exchange."),
    auth("imconnector.activate", "imopenlines", "Turns a connector of an open channel on or off."),
    auth("imconnector.chat.name.set", "imconnector", "Renames a chat of an external messenger."),
    auth("imconnector.connector.data.set", "imopenlines", "Sets the appearance of a connector."),
    auth(
        "imconnector.delete.messages",
        "imopenlines",
        "Reports that messages were deleted in the external messenger.",
    ),
    auth("imconnector.list", "imopenlines", "Lists connectors."),
    auth("imconnector.register", "imopenlines", "Adds a connector."),
    auth(
        "imconnector.send.messages",
        "imopenlines",
        "Passes messages from the external messenger to the portal.",
    ),
    auth(
        "imconnector.send.status.delivery",
        "imopenlines",
        "Reports that messages were delivered in the external messenger.",
    ),
    auth(
        "imconnector.send.status.reading",
        "imopenlines",
        "Reports that messages were read in the external messenger.",
    ),
    auth("imconnector.status", "imopenlines", "Returns the state of a connector of an open channel."),
    auth("imconnector.unregister", "imopenlines", "Deletes a connector."),
    auth(
        "imconnector.update.messages",
        "imopenlines",
        "Reports that messages were edited in the external messenger.",
    ),
    app("landing.repo.bind", "landing", "Binds a block to a placement of the application."),
    app("landing.repo.unbind", "landing", "Unbinds a block from its placement."),
    app("landing.repowidget.debug", "landing", "Turns the debug mode of widgets on or off."),
    app(
        "messageservice.message.status.update",
        "messageservice",
        "Updates the delivery status of a text message.",
    ),
    app("messageservice.sender.add", "messageservice", "Adds a text message provider."),
    app("messageservice.sender.delete", "messageservice", "Deletes a text message provider."),
    app("messageservice.sender.list", "messageservice", "Lists the application's text message providers."),
    app("messageservice.sender.update", "messageservice", "Updates a text message provider."),
    auth("pull.application.config.get", "pull", "Returns the connection settings for live events."),
    auth("pull.application.event.add", "pull", "Sends a live event to the application's pages."),
    auth("pull.application.push.add", "pull", "Sends a push notification."),
    auth("sign.b2e.company.provider.list", "sign.b2e", "Lists a company's e-signature providers."),
    auth("sign.b2e.document.get", "sign.b2e", "Returns a document to be signed."),
    auth("sign.b2e.document.send", "sign.b2e", "Sends a document for signing."),
    auth("sign.b2e.hcmlink.document.get", "sign.b2e", "Returns a signed document for the HR system."),
    unauthorized("sign.b2e.mysafe.tail", "sign.b2e", "Lists the company's signed documents."),
    unauthorized("sign.b2e.personal.tail", "sign.b2e", "Lists the user's signed documents."),
];

const fn auth(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::WrongAuthType, about }
}

const fn app(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::ApplicationContext, about }
}

const fn unauthorized(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::Unauthorized, about }
}

const fn uncoded(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::Uncoded, about }
}

const fn option(method: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope: "", error: Refused::AccessException, about }
}

const fn context(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::WrongContext, about }
}

#[cfg(test)]
mod tests {
    use super::{REFUSALS, Refused};

    fn error_of(method: &str) -> Option<Refused> {
        REFUSALS.iter().find(|refusal| refusal.method == method).map(|refusal| refusal.error)
    }

    #[test]
    fn families_are_refused_as_the_protocol_says() {
        assert_eq!(error_of("event.bind"), Some(Refused::WrongAuthType));
        assert_eq!(error_of("events"), Some(Refused::WrongAuthType));
        assert_eq!(error_of("app.option.get"), Some(Refused::AccessException));
        assert_eq!(error_of("crm.automation.trigger.execute"), Some(Refused::ApplicationContext));
        assert_eq!(error_of("app.info"), None);
        assert_eq!(error_of("crm.automation.trigger"), None);
    }

    #[test]
    fn methods_are_listed_once() {
        let mut methods: Vec<String> =
            REFUSALS.iter().map(|refusal| refusal.method.to_ascii_lowercase()).collect();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!(methods.len(), REFUSALS.len());
    }
}
