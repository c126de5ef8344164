//! The methods that need the context of an application: a webhook that calls one is refused (protocol 7.4).
//!
//! They are known all the same, so that a client gets the documented refusal and not
//! `ERROR_METHOD_NOT_FOUND`. `app.info` is not among them, as it does answer a webhook; methods of REST 3.0
//! are not, as they are not under `/rest/`. Where protocol and documentation differ, the protocol wins.

use wire::{Fault, fault};

use crate::method::{Method, read};

/// The methods: each is known and gives its refusal.
pub fn methods() -> Vec<Method> {
    let method = |refusal: &'static Refusal| {
        let refuse = move |_: &mut crate::call::Call<'_, '_>| Err(refusal.error.fault().into());
        read(refusal.method, refusal.scope, refuse).about(refusal.about).refused()
    };
    REFUSALS.iter().map(method).collect()
}

/// A method and its refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The method's documented name.
    pub method: &'static str,
    /// The scope it belongs to, checked before the refusal; empty for a global method.
    pub scope: &'static str,
    /// What a webhook with that scope is told.
    pub error: Refused,
    /// What the method does for an application, in one line.
    pub about: &'static str,
}

/// How a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 403 `WRONG_AUTH_TYPE`: "Current authorization type is denied for this method"
    WrongAuthType,
    /// 403 `ACCESS_DENIED`: "Access denied! Application context required"
    ApplicationContext,
    /// 400 `ERROR_WRONG_CONTEXT`: "Method call is only possible in the context of a REST application"
    WrongContext,
}

impl Refused {
    fn fault(self) -> Fault {
        match self {
            Refused::WrongAuthType => fault::WRONG_AUTH_TYPE.into(),
            Refused::ApplicationContext => Fault::access_denied("Application context required"),
            Refused::WrongContext => {
                let text = "Method call is only possible in the context of a REST application";
                Fault::new(400, "ERROR_WRONG_CONTEXT", text)
            }
        }
    }
}

/// Every documented method of this kind.
pub const REFUSALS: &[Refusal] = &[
    auth("event.bind", "", "Sets a handler for an event."),
    auth("event.unbind", "", "Takes a handler off an event."),
    auth("event.get", "", "Lists the application's event handlers."),
    auth("event.test", "", "Sends a test event to the application."),
    auth("events", "", "Lists the events that can be handled."),
    auth("event.offline.get", "", "Takes events out of the offline queue."),
    auth("event.offline.list", "", "Looks into the offline queue."),
    auth("event.offline.clear", "", "Removes events from the offline queue."),
    auth("event.offline.error", "", "Marks offline events as failed."),
    app("app.option.get", "", "Reads the application's own options."),
    app("app.option.set", "", "Changes the application's own options."),
    app("user.option.get", "", "Reads the application's options of a user."),
    app("user.option.set", "", "Changes the application's options of a user."),
    auth("placement.bind", "placement", "Puts a page of the application into a place."),
    auth("placement.unbind", "placement", "Takes a page of the application out of a place."),
    auth("placement.get", "placement", "Lists the places that the application fills."),
    auth("placement.list", "placement", "Lists the places there are."),
    app("biconnector.connector.add", "biconnector", "Adds a connector."),
    app("biconnector.connector.delete", "biconnector", "Deletes a connector."),
    app("biconnector.connector.get", "biconnector", "Reads a connector."),
    app("biconnector.connector.list", "biconnector", "Lists connectors."),
    app("biconnector.connector.update", "biconnector", "Changes a connector."),
    app("biconnector.dataset.add", "biconnector", "Adds a data set."),
    app("biconnector.dataset.delete", "biconnector", "Deletes a data set."),
    app("biconnector.dataset.fields", "biconnector", "Describes the fields of data sets."),
    app("biconnector.dataset.fields.update", "biconnector", "Changes the fields of a data set."),
    app("biconnector.dataset.get", "biconnector", "Reads a data set."),
    app("biconnector.dataset.list", "biconnector", "Lists data sets."),
    app("biconnector.dataset.update", "biconnector", "Changes a data set."),
    app("biconnector.source.add", "biconnector", "Adds a source."),
    app("biconnector.source.delete", "biconnector", "Deletes a source."),
    app("biconnector.source.fields", "biconnector", "Describes the fields of sources."),
    app("biconnector.source.get", "biconnector", "Reads a source."),
    app("biconnector.source.list", "biconnector", "Lists sources."),
    app("biconnector.source.update", "biconnector", "Changes a source."),
    app("bizproc.activity.add", "bizproc", "Adds a workflow action."),
    app("bizproc.activity.delete", "bizproc", "Deletes a workflow action."),
    app("bizproc.activity.list", "bizproc", "Lists the application's workflow actions."),
    app("bizproc.activity.update", "bizproc", "Changes a workflow action."),
    app("bizproc.event.send", "bizproc", "Hands the result of an action or robot back to its workflow."),
    app("bizproc.robot.add", "bizproc", "Adds a robot."),
    app("bizproc.robot.delete", "bizproc", "Deletes a robot."),
    app("bizproc.robot.list", "bizproc", "Lists the application's robots."),
    app("bizproc.robot.update", "bizproc", "Changes a robot."),
    app("bizproc.workflow.template.add", "bizproc", "Adds a workflow template."),
    app("bizproc.workflow.template.delete", "bizproc", "Deletes a workflow template."),
    app("bizproc.workflow.template.update", "bizproc", "Changes a workflow template."),
    app("crm.activity.badge.add", "crm", "Adds a badge for activities."),
    app("crm.activity.badge.delete", "crm", "Deletes a badge for activities."),
    app("crm.activity.badge.get", "crm", "Reads a badge for activities."),
    app("crm.activity.badge.list", "crm", "Lists badges for activities."),
    app("crm.activity.configurable.add", "crm", "Adds an activity with a layout of its own."),
    app("crm.activity.configurable.get", "crm", "Reads an activity with a layout of its own."),
    app("crm.activity.configurable.update", "crm", "Changes an activity with a layout of its own."),
    context("crm.activity.layout.blocks.delete", "crm", "Removes the application's blocks from an activity."),
    context("crm.activity.layout.blocks.get", "crm", "Reads the application's blocks in an activity."),
    context("crm.activity.layout.blocks.set", "crm", "Puts the application's blocks into an activity."),
    app("crm.activity.type.add", "crm", "Adds a type of activities."),
    app("crm.activity.type.delete", "crm", "Deletes a type of activities."),
    app("crm.activity.type.list", "crm", "Lists the application's types of activities."),
    app("crm.automation.trigger.add", "crm", "Adds an automation trigger."),
    app("crm.automation.trigger.delete", "crm", "Deletes an automation trigger."),
    app("crm.automation.trigger.execute", "crm", "Pulls an automation trigger of the application."),
    app("crm.automation.trigger.list", "crm", "Lists the application's automation triggers."),
    context("crm.timeline.layout.blocks.delete", "crm", "Removes its blocks from a timeline entry."),
    context("crm.timeline.layout.blocks.get", "crm", "Reads the application's blocks in a timeline entry."),
    context("crm.timeline.layout.blocks.set", "crm", "Puts the application's blocks into a timeline entry."),
    app("disk.storage.getForApp", "disk", "Gives the application's own storage."),
    app("disk.storage.rename", "disk", "Renames the application's own storage."),
    app("entity.add", "entity", "Adds a storage of the application."),
    app("entity.delete", "entity", "Deletes a storage."),
    app("entity.get", "entity", "Reads one storage or all of them."),
    app("entity.rights", "entity", "Reads or changes who may use a storage."),
    app("entity.update", "entity", "Changes a storage."),
    app("entity.item.add", "entity", "Adds an element to a storage."),
    app("entity.item.delete", "entity", "Deletes an element of a storage."),
    app("entity.item.get", "entity", "Lists the elements of a storage."),
    app("entity.item.update", "entity", "Changes an element of a storage."),
    app("entity.item.property.add", "entity", "Adds a property to the elements of a storage."),
    app("entity.item.property.delete", "entity", "Deletes a property of elements."),
    app("entity.item.property.get", "entity", "Reads the properties of elements."),
    app("entity.item.property.update", "entity", "Changes a property of elements."),
    app("entity.section.add", "entity", "Adds a section to a storage."),
    app("entity.section.delete", "entity", "Deletes a section of a storage."),
    app("entity.section.get", "entity", "Lists the sections of a storage."),
    app("entity.section.update", "entity", "Changes a section of a storage."),
    auth("humanresources.hcmlink.company.add", "humanresources.hcmlink", "Adds a linked company."),
    auth("humanresources.hcmlink.company.delete", "humanresources.hcmlink", "Deletes a linked company."),
    auth("humanresources.hcmlink.company.list", "humanresources.hcmlink", "Lists linked companies."),
    auth("humanresources.hcmlink.company.update", "humanresources.hcmlink", "Changes a linked company."),
    auth("humanresources.hcmlink.company.user.list", "humanresources.hcmlink", "Lists linked users."),
    auth("humanresources.hcmlink.employee.list", "humanresources.hcmlink", "Lists linked employees."),
    auth("humanresources.hcmlink.employee.set", "humanresources.hcmlink", "Brings employees in."),
    auth("humanresources.hcmlink.field.value.set", "humanresources.hcmlink", "Brings field values in."),
    auth("humanresources.hcmlink.job.status.get", "humanresources.hcmlink", "Tells how far an exchange is."),
    auth("humanresources.hcmlink.job.update", "humanresources.hcmlink", "Says how far an exchange is."),
    auth("imconnector.activate", "imopenlines", "Switches a connector of an open channel on or off."),
    auth("imconnector.chat.name.set", "imconnector", "Renames a chat from outside."),
    auth("imconnector.connector.data.set", "imopenlines", "Sets how a connector shows itself."),
    auth("imconnector.delete.messages", "imopenlines", "Tells that messages were deleted outside."),
    auth("imconnector.list", "imopenlines", "Lists connectors."),
    auth("imconnector.register", "imopenlines", "Adds a connector."),
    auth("imconnector.send.messages", "imopenlines", "Brings messages in from outside."),
    auth("imconnector.send.status.delivery", "imopenlines", "Tells that messages were delivered outside."),
    auth("imconnector.send.status.reading", "imopenlines", "Tells that messages were read outside."),
    auth("imconnector.status", "imopenlines", "Tells how a connector of an open channel is."),
    auth("imconnector.unregister", "imopenlines", "Deletes a connector."),
    auth("imconnector.update.messages", "imopenlines", "Tells that messages were changed outside."),
    auth("imopenlines.bot.session.finish", "imopenlines", "Ends a dialog that a bot leads."),
    auth("imopenlines.bot.session.message.send", "imopenlines", "Says a prepared text in a bot's dialog."),
    auth("imopenlines.bot.session.operator", "imopenlines", "Hands a bot's dialog to a free agent."),
    auth("imopenlines.bot.session.transfer", "imopenlines", "Hands a bot's dialog to a given agent."),
    app("landing.repo.bind", "landing", "Ties a block to a place in an application's page."),
    app("landing.repo.unbind", "landing", "Unties a block from its place."),
    app("landing.repowidget.debug", "landing", "Switches the tracing of widgets on or off."),
    app("messageservice.message.status.update", "messageservice", "Tells what became of a text message."),
    app("messageservice.sender.add", "messageservice", "Adds a provider of text messages."),
    app("messageservice.sender.delete", "messageservice", "Deletes a provider of text messages."),
    app("messageservice.sender.list", "messageservice", "Lists its providers of text messages."),
    app("messageservice.sender.update", "messageservice", "Changes a provider of text messages."),
    auth("pull.application.config.get", "pull", "Tells where the application listens for live events."),
    auth("pull.application.event.add", "pull", "Sends a live event to the application's pages."),
    auth("pull.application.push.add", "pull", "Sends a push notification."),
    auth("sign.b2e.company.provider.list", "sign.b2e", "Lists a company's signing providers."),
    auth("sign.b2e.document.get", "sign.b2e", "Reads a document to be signed."),
    auth("sign.b2e.document.send", "sign.b2e", "Sends a document out to be signed."),
    auth("sign.b2e.hcmlink.document.get", "sign.b2e", "Reads a signed document for the personnel system."),
    auth("sign.b2e.mysafe.tail", "sign.b2e", "Lists the company's signed documents."),
    auth("sign.b2e.personal.tail", "sign.b2e", "Lists a person's signed documents."),
    auth("telephony.externalCall.finish", "telephony", "Ends a call of an outside exchange."),
    auth("telephony.externalCall.register", "telephony", "Reports a call of an outside exchange."),
    auth("telephony.externalLine.add", "telephony", "Adds an outside line."),
    auth("telephony.externalLine.delete", "telephony", "Deletes an outside line."),
    auth("telephony.externalLine.get", "telephony", "Lists outside lines."),
    auth("telephony.externalLine.update", "telephony", "Changes an outside line."),
];

const fn auth(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::WrongAuthType, about }
}

const fn app(method: &'static str, scope: &'static str, about: &'static str) -> Refusal {
    Refusal { method, scope, error: Refused::ApplicationContext, about }
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
        assert_eq!(error_of("app.option.get"), Some(Refused::ApplicationContext));
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
