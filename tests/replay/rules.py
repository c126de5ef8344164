"""What the parameters of documented examples mean, and what replaces their values, as data.

Paths are lower-case without underscores, operators and list positions: filter[>=DATE_CREATE] is 'filter.datecreate'. In patterns
'*' is any text.
"""
from datetime import datetime, timezone
from typing import NamedTuple
from nouns import DAY, DOCX, PNG, SHARED_PHONE


TODAY = datetime.now(timezone.utc).strftime('%Y-%m-%dT%H:%M:%S+00:00')       # a working day opens on its own date


class By(NamedTuple):       # the noun depends on the value of a neighbouring parameter
    sibling: str
    nouns: dict
    default: str | None = None


OWNERS = {'1': 'lead', '2': 'deal', '3': 'contact', '4': 'company', '5': 'invoice', '7': 'quote', '8': 'requisite', '14': 'sale.order', '31': 'smartinvoice',
          'lead': 'lead', 'deal': 'deal', 'contact': 'contact', 'company': 'company', 'invoice': 'invoice', 'quote': 'quote', 'order': 'sale.order',
          'l': 'lead', 'd': 'deal', 'c': 'contact', 'co': 'company', 'q': 'quote', 'i': 'invoice', 'si': 'smartinvoice', 'crm_lead': 'lead', 'crm_deal': 'deal'}
OWNER = By('entitytypeid', OWNERS, 'smartitem')
OWNER_TYPE_ID = By('ownertypeid', OWNERS, 'smartitem')
CATEGORY = By('entitytypeid', {'2': 'dealcategory'}, 'smartcategory')

# The noun that `id` means in the methods below a prefix, where it is not the prefix itself; the longest one holds.
PRIMARY = {
    'crm.item': OWNER, 'crm.category': CATEGORY,
    'crm.contact': 'contact', 'crm.company': 'company', 'crm.lead': 'lead', 'crm.deal': 'deal', 'crm.quote': 'quote', 'crm.invoice': 'invoice',
    'crm.status': 'status', 'crm.dealcategory': 'dealcategory', 'crm.item.productrow': 'productrow', 'crm.activity': 'activity',
    'crm.timeline.item': 'crm.timeline.comment', 'crm.timeline.bindings': 'crm.timeline.comment', 'crm.requisite': 'requisite',
    'crm.requisite.link': 'requisite', 'crm.calllist.items': 'crm.calllist', 'crm.item.delivery': 'sale.shipment', 'salescenter.payment': 'crm.item.payment',
    'crm.deal.userfield': 'crm.deal.userfield', 'crm.lead.userfield': 'crm.lead.userfield', 'crm.contact.userfield': 'crm.contact.userfield',
    'crm.company.userfield': 'crm.company.userfield', 'crm.quote.userfield': 'crm.quote.userfield', 'crm.invoice.userfield': 'crm.invoice.userfield',
    'crm.requisite.userfield': 'crm.requisite.userfield', 'crm.requisite.preset': 'crm.requisite.preset', 'crm.deal.recurring': 'crm.deal.recurring',
    'crm.requisite.preset.field': 'crm.requisite.preset.field', 'crm.requisite.bankdetail': 'crm.requisite.bankdetail',
    'crm.invoice.recurring': 'crm.invoice.recurring', 'crm.invoice.status': 'crm.invoice.status',
    'humanresources.employee': 'user', 'humanresources.node.member': 'humanresources.node', 'humanresources.node.communication': 'humanresources.node',
    'tasks.task': 'task', 'task.item': 'task', 'task.item.userfield': 'task.item.userfield', 'tasks.task.access': 'task', 'tasks.task.result': 'taskresult',
    'tasks.api.scrum.task': 'task', 'sonet_group': 'workgroup', 'sonet_group.user': 'workgroup', 'tasks.task.chat.message': 'task',
    'disk.storage': 'storage', 'disk.folder': 'folder', 'disk.file': 'file', 'disk.attachedobject': 'disk.attachedobject', 'lists': 'list',
    'calendar.meeting.status': 'calendar.event', 'catalog.catalog': 'catalog', 'catalog.product': 'product', 'catalog.productimage': 'catalog.productimage',
    'im.chat': 'chat', 'im.message': 'message', 'im.notify': 'notification', 'im.notify.read': 'notification', 'im.user': 'user', 'im.user.list': 'user',
    'im.department': 'department', 'imbot.chat': 'botchat', 'imbot.message': 'botmessage', 'imopenlines.session': 'linechat', 'imopenlines.operator': 'linechat', 'imopenlines.operator.another': 'linechat', 'log.blogpost': 'blogpost', 'log.blogcomment': 'log.blogcomment',
    'mail.message': 'mail.message', 'landing.landing': 'landing.block', 'sale.status': 'sale.status',  'voximplant.sip': 'sip', 'sale.delivery.config': 'sale.delivery', 'sale.paysystem.settings': 'sale.paysystem',
}
PRIMARY |= {f'crm.{_entity}.contact': _entity for _entity in ('lead', 'deal', 'company', 'quote')} | {'crm.contact.company': 'contact'}
PRIMARY |= {f'crm.{_entity}.productrows': _entity for _entity in ('lead', 'deal', 'quote')}

# (methods, path, noun): the first that fits holds; None leaves the documented value. '*' is any text, in both.
RULES = [
    # chats and bots: who answers must be in the chat, what is answered must stand in it
    ('imbot.v2.chat.message.read', 'messageid', 'v2usermessage'), ('imbot.v2.chat.manager.add', 'userids', 'chatmember'), ('im.v2.file.*', 'fileid', 'chatfile'), ('im.disk.file.delete', 'fileid', 'chatfile'),
    ('im.message.command', 'messageid', 'botmessage'), ('im.message.command', 'botid', 'imbot'), ('imopenlines.message.quick.save', 'messageid', 'linemessage'),
    ('imopenlines.bot.session.*', 'chatid', 'botline'),
    # tasks in the state that a method needs
    ('tasks.task.pause', 'taskid', 'runningtask'), ('tasks.task.renew', 'taskid', 'donetask'), ('task.item.renew', 'taskid', 'donetask'),
    ('tasks.task.*approve', 'taskid', 'showntask'), ('task.item.*approve', 'taskid', 'showntask'), ('task.dependence.add', 'taskid*', 'plannedtask'),
    ('task.stages.movetask', 'stageid', 'task.stages'), ('task.stages.movetask', '*', 'grouptask'),
    ('tasks.task.result.addfromchatmessage', '*messageid', 'task.commentitem'), ('tasks.task.result.list', 'filter', 'task'),
    ('tasks.api.scrum.kanban.deletetask', 'taskid', 'boardtask'), ('tasks.api.scrum.kanban.deletetask', 'sprintid', 'activesprint'),
    ('tasks.api.scrum.sprint.complete', 'id', 'readygroup'), ('tasks.api.scrum.task.*', 'id', 'scrumtask'),
    ('sonet_group.user.update', 'groupid', 'membergroup'), ('sonet_group.user.delete', 'groupid', 'membergroup'),
    # pages: of one site, with the blocks that a method speaks of
    ('landing.site.addfolder', 'siteid', 'thesite'), ('landing.site.update', 'id', 'thesite'), ('landing.syspage.set', 'id', 'thesite'),
    ('landing.site.bindingto*', 'id', 'knowledge'), ('landing.site.bindingtogroup', 'groupid', 'membergroup'), ('landing.site.unbindingfrommenu', 'id', 'boundknowledge'), ('landing.site.*folder*', 'id', 'landing.folder'),
    ('landing.block.*card', 'block', 'cardblock'), ('landing.landing.upblock', 'block', 'lowblock'), ('landing.landing.unfavoriteblock', 'blockid', 'favorite'),
    ('landing.landing.moveblock', 'block', 'textblock'),
    ('calendar.event.update', 'id', 'singleevent'), ('lists.field.*', 'fieldid', 'listfield'), ('timeman.timecontrol.report.add', 'reportid', 'timereport'),
    ('crm.activity.todo.*', 'id', 'todo'), ('crm.type.delete', 'id', 'emptytype'), ('disk.folder.restore', 'id', 'trashed'), ('crm.type.[gu]*', 'id', 'crm.typeid'), ('crm.deal.recurring.delete', 'id', 'orphanrecurring'),
    ('crm.invoice.recurring.add', 'fields.invoiceid', '+templateinvoice'), ('crm.item.payment.delivery.add', 'deliveryid', '+dealdelivery'),
    ('crm.timeline.note.[gds]*', 'ownerid', 'lead'), ('crm.timeline.note.[gds]*', 'itemid', 'leadcomment'), ('crm.item.payment.product.add', 'rowid', '+productrow'),
    ('catalog.document.cancel*', 'id', 'conducted'), ('catalog.document.cancel*', 'documentids', '+conducted'), ('catalog.document.unconfirm', 'id', 'conducted'),
    ('catalog.document.element.add', '*.docid', '+catalog.document'), ('catalog.documentcontractor.add', '*.documentid', '+arrival'),
    ('catalog.userfield.document.*', '*documentid', 'arrival'), ('catalog.catalog.isoffers', 'id', 'offers'),
    ('catalog.product.offer.*', '*iblockid', 'offers'), ('catalog.product.offer.*', '*iblocksectionid', 'offersection'),
    ('catalog.product.download', '*.fileid', 'productfile'), ('catalog.product.offer.download', '*.fileid', 'offerfile'),
    ('catalog.product.sku.download', '*.fileid', 'skufile'), ('catalog.product.service.download', '*.fileid', 'servicefile'), ('catalog.product.offer.download', '*.productid', 'catalog.product.offer'),
    ('catalog.product.sku.download', '*.productid', 'catalog.product.sku'), ('catalog.product.service.download', '*.productid', 'catalog.product.service'),
    ('catalog.productpropertyfeature.add', '*.propertyid', '+freshproperty'), ('catalog.pricetypelang.add', '*.cataloggroupid', '+freshpricetype'),
    ('catalog.pricetypegroup.add', '*.cataloggroupid', '+freshpricetype'),
    ('sale.basketitem.addcatalogproduct', '*.productid', 'product'), ('sale.paymentitem*', '*.paymentid', '+barepayment'),
    ('sale.paymentitembasket.update', '*.basketid', None), ('sale.shipmentitem.add', '*.orderdeliveryid', '+bareshipment'), ('sale.shipmentitem.add', '*.basketid', '+sale.basketitem'),
    ('sale.paysystem.pay.payment', 'paymentid', '+barepayment'), ('sale.paysystem.settings.payment.get', 'paymentid', 'barepayment'),
    ('sale.paysystem.pay.payment', 'paysystemid', 'keptpaysystem'), ('sale.paysystem.settings.payment.get', 'paysystemid', 'keptpaysystem'), ('documentgenerator.template.*', '*.fileid', 'docxfile'),
    ('bizproc.task.delegate', 'fromuserid', 'owner'), ('bizproc.task.delegate', 'taskids', 'opentask'), ('sale.delivery.request.*', 'deliveryid', 'requestdelivery'),
    ('humanresources.node.children', 'id', 'rootdepartment'), ('humanresources.node.search', 'parentid', 'rootdepartment'), ('humanresources.node.get', 'id', 'department'),
    ('humanresources.employee.subordinates', 'id', 'owner'), ('humanresources.node.member.remove', 'nodeid', 'rootdepartment'),
    ('rpa.*', '*typeid', 'rpa.type'), ('rpa.*', '*itemid', 'rpa.item'), ('rpa.*', '*stageid', 'rpa.stage'),
    ('bizproc.workflow.[kt]*', 'id', 'bizproc.workflow'), ('bizproc.activity.log', 'eventtoken', 'workflowtoken'), ('bizproc.workflow.start', 'templateid', 'bizproc.template'),
    ('telephony.externalcall.attach*', 'callid', 'finishedcall'), ('telephony.call.attachtranscription', 'callid', 'finishedcall'), ('telephony.externalcall.*', 'callid', 'telephony.externalcall'),
    ('voximplant.line.outgoing.sip.set', 'configid', 'sip'), ('voximplant.sip.status', 'regid', 'sipreg'), ('timeman.settings', 'userid', 'owner'),
    ('landing.landing.*', 'lid', 'landing.landing'),    ('imbot.chat.get', '*', None),
    ('imopenlines.session.*', 'sessionid', 'linesession'), ('imbot.v2.*', '*chatid', 'v2chat'), ('imbot.v2.*', '*messageid', 'v2message'), ('imbot.v2.*', 'messageids', 'v2message'),
    ('imbot.chat.*', 'chatid', 'botchat'), ('imbot.message.*', 'messageid', 'botmessage'), ('imbot.*', '*messageid', 'botmessage'),
    ('imopenlines.crm.*', 'crmentity', 'linelead'), ('imopenlines.crm.lead.create', 'chatid', 'linechat'), ('imopenlines.crm.*', 'chatid', 'linecrm'),
    ('imopenlines.*', 'chatid', 'linechat'),
    # values that look like ids and are none
    ('*', '*.sort', None), ('*', '*.ufcrm*', None), ('disk.*', '*rights.taskid', None), ('*', 'pagination.*', None), ('*', '*.value', None),
    ('crm.productrow.*', '*.discounttypeid', None), ('*', '*.measure', None), ('*', '*.measurecode', None), ('*', '*.discounttypeid', None),
    ('crm.requisite*', '*.countryid', None), ('crm.address.*', '*.typeid', None), ('crm.activity.*', '*.typeid', None), ('*', '*.colorid', None),
    ('crm.timeline.note.*', 'itemtype', None), ('*', 'entitytypeid', By('entitytypeid', {str(i): None for i in range(128)}, 'smarttype')),
    # crm
    ('crm.item.productrow.*', 'id', 'productrow'), ('crm.item.payment.product.*', 'id', 'crm.item.payment.product'),
    ('crm.item.payment.product.*', 'rowid', 'productrow'), ('crm.item.payment.product.*', 'filter.id', 'crm.item.payment.product'),
    ('crm.item.payment.*', 'paymentid', 'crm.item.payment'), ('crm.item.payment.delivery.*', 'deliveryid', 'sale.shipment'), ('crm.item.payment.delivery.*', '*id', 'crm.item.payment.delivery'),
    ('crm.item.payment.*', 'id', 'crm.item.payment'), ('crm.item.payment.*', 'filter.id', 'crm.item.payment'),
    ('crm.item.delivery.*', 'id', 'sale.shipment'), ('crm.item.delivery.*', 'filter.id', 'sale.shipment'),
    ('crm.item.productrow.*', '*ownerid', By('ownertype', OWNERS, 'smartitem')), ('crm.productrow.*', '*ownerid', By('ownertype', OWNERS, 'smartitem')),
    ('crm.item.*', 'id', OWNER), ('crm.item.*', 'entityid', OWNER), ('crm.item.*', '*categoryid', CATEGORY),
    ('crm.category.*', 'id', CATEGORY),
    ('crm.activity.binding.*', 'sourceentityid', By('sourceentitytypeid', OWNERS, 'smartitem')),
    ('crm.activity.binding.*', 'targetentityid', By('targetentitytypeid', OWNERS, 'smartitem')),
    ('crm.timeline.bindings.*', '*.ownerid', 'crm.timeline.comment'), ('crm.timeline.bindings.*', '*.entityid', By('entitytype', OWNERS, 'deal')),
    ('crm.timeline.comment.*', '*.entityid', By('entitytype', OWNERS, 'deal')),
    ('crm.timeline.note.*', 'itemid', By('itemtype', {'2': 'activity'}, 'crm.timeline.comment')),
    ('crm.stagehistory.*', '*.ownerid', OWNER), ('crm.*', '*ownerid', OWNER_TYPE_ID), ('crm.requisite.bankdetail.*', '*.entityid', 'requisite'),
    ('crm.requisite.preset.field.*', 'preset.id', 'crm.requisite.preset'), ('crm.requisite.*', '*.presetid', 'crm.requisite.preset'),
    ('crm.requisite.link.*', '*.requisiteid', 'requisite'), ('crm.requisite.link.*', '*.mcrequisiteid', 'requisite'),
    ('crm.requisite.link.*', '*.bankdetailid', 'crm.requisite.bankdetail'), ('crm.requisite.link.*', '*.mcbankdetailid', 'crm.requisite.bankdetail'),
    ('crm.automatedsolution.*', '*.typeids', 'typeids'), ('crm.calllist.*', '*listid', 'crm.calllist'), ('crm.calllist.*', 'webformid', None),
    ('crm.calllist.*', 'entities', By('entitytype', OWNERS, 'contact')), ('crm.documentgenerator.*', 'templateid', 'crm.documentgenerator.template'),
    ('crm.documentgenerator.*', '*.numeratorid', 'crm.documentgenerator.numerator'), ('crm.entity.mergebatch', '*.entityids', OWNER),
    ('crm.tracking.trace.*', 'entities.id', By('type', OWNERS, 'deal')),
    ('crm.product.*', '*.catalogid', 'crm.catalog'), ('crm.product*', '*.sectionid', 'crm.productsection'),
    ('crm.product.property.types', 'id', None), ('crm.*', '*entityid', OWNER), ('crm.*', '*.emailid', None), ('imopenlines.crm.*', 'crmentity', By('crmentitytype', OWNERS, 'deal')),
    ('crm.*', '*.persontypeid', 'crm.persontype'), ('crm.*', '*.paysystemid', 'crm.paysystem'),
    # people
    ('department.*', 'parent', 'department'), ('*', '*ufdepartment', 'department'), ('im.department.*', 'id', 'department'),
    ('humanresources.*', '*nodeid', 'humanresources.node'), ('humanresources.*', '*parentid', 'humanresources.node'), ('humanresources.*', 'bindingchatids', 'chat'),
    ('humanresources.*', 'ids', 'chat'), ('humanresources.*', 'removeids', 'chat'), ('timeman.*', 'departmentid', 'department'), ('user.*', 'filter.id', None),
    ('user.userfield.*', 'id', 'user.userfield'), ('timeman.*', '*.reportid', None), ('timeman.schedule.get', 'id', None),
    # tasks and groups
    ('task.checklistitem.*', '*itemid', 'task.checklistitem'), ('task.checklistitem.*', '*.parentid', 'task.checklistitem'),
    ('task.commentitem.*', 'itemid', 'task.commentitem'), ('task.elapseditem.*', 'itemid', 'task.elapseditem'), ('*', 'actionid', None), ('*', 'action', None),
    ('task*', '*commentid', 'task.commentitem'), ('*', 'taskidfrom', 'task'), ('*', 'taskidto', 'task'), ('task.item.update', 'fields.*', None),
    ('tasks.template.checklist.*', 'templateid', 'tasks.template'), ('tasks.template.*', 'templateid', 'tasks.template'),
    ('tasks.template.checklist.*', '*itemid', 'tasks.template.checklist'), ('tasks.template.checklist.*', '*.parentid', 'tasks.template.checklist'),
    ('tasks.template.*', '*.parentid', 'task'), ('tasks.flow.*', '*flowid', 'tasks.flow.flow'), ('tasks.flow.*', '*.id', 'tasks.flow.flow'),
    ('tasks.flow.*', '*responsiblelist', 'user'), ('tasks.api.scrum.*', '*groupid', 'scrumgroup'), ('tasks.api.scrum.*', '*sprintid', 'tasks.api.scrum.sprint'),
    ('tasks.api.scrum.*', '*stageid', 'tasks.api.scrum.kanban'), ('tasks.api.scrum.*', '*epicid', 'tasks.api.scrum.epic'),
    ('tasks.api.scrum.task.*', '*.entityid', 'tasks.api.scrum.sprint'), ('tasks.api.scrum.epic.update', '*id', 'tasks.api.scrum.epic'),
    ('tasks.api.scrum.backlog.get', 'id', 'scrumgroup'),
    ('task.stages.*', 'entityid', 'workgroup'), ('task.stages.*', '*.entityid', 'workgroup'), ('task.stages.movetask', 'id', 'task'),
    ('task.stages.movetask', '*', 'task.stages'), ('task.stages.*', '*.afterid', None), ('tasks.task.result.*', 'id', 'taskresult'),
    ('catalog.*', '*.groupid', None),
    # disk, lists, calendar
    ('disk.*', '*targetfolderid', 'folder'), ('disk.*', '*storageid', 'storage'), ('disk.*', 'versionid', 'disk.version'), ('im.disk.*', '*fileid', 'file'),
    ('lists.*', '*iblockid', 'list'), ('lists.*', '*elementid', 'lists.element'), ('lists.*', '*iblocksectionid', None), ('lists.*', '*sectionid', 'lists.section'),
    ('lists.section.*', 'filter.id', 'lists.section'), ('lists.*', '*socnetgroupid', 'workgroup'),
    ('calendar.*', 'section', 'calendar.section'), ('calendar.*', '*section', 'calendar.section'), ('calendar.*', 'eventid', 'calendar.event'),
    ('calendar.*', 'resourceid', 'calendar.resource'), ('calendar.*', '*.resourcetypeidlist', 'calendar.resource'),
    ('calendar.*', '*ownerid', By('type', {'user': 'user', 'group': 'workgroup'}, 'user')), ('calendar.section.*', 'id', 'calendar.section'),
    # catalogue and shop
    ('catalog.product.offer.*', '*.parentid', 'product'), ('catalog.*', '*iblocksectionid', 'catalog.section'), ('catalog.*', '*iblockid', 'catalog'),
    ('catalog.document.*', '*docid', 'catalog.document'), ('catalog.document.*', 'documentids', 'catalog.document'),
    ('catalog.document*', '*documentid', 'catalog.document'), ('catalog.userfield.document.*', '*documentid', 'catalog.document'),
    ('catalog.document.element.*', '*.elementid', 'product'), ('catalog.*', '*.storeto', 'catalog.store'), ('catalog.*', '*.storefrom', 'catalog.store'),
    ('catalog.documentcontractor.*', '*.entityid', OWNER), ('catalog.*', '*cataloggroupid', 'catalog.pricetype'), ('catalog.*', '*propertyid', 'catalog.productproperty'),
    ('catalog.*', '*.productid', 'product'), ('catalog.*', 'productid', 'product'), ('catalog.price.modify', '*.product.id', 'product'), ('catalog.*', '*vatid', 'catalog.vat'),
    ('sale.*', '*orderpropsid', 'sale.property'), ('sale.*', '*shipmentpropsid', 'sale.shipmentproperty'), ('sale.*', '*propsgroupid', 'sale.propertygroup'),
    ('sale.propertyrelation.*', '*.propertyid', 'sale.property'), ('sale.*', '*orderdeliveryid', 'sale.shipment'), ('sale.*', '*shipmentid', 'sale.shipment'),
    ('sale.delivery*', '*deliveryid', 'sale.delivery'), ('sale.shipment.*', '*.deliveryid', 'sale.delivery'), ('sale.*', '*basketid', 'sale.basketitem'),
    ('sale.*', '*paymentid', 'sale.payment'), ('sale.*', '*paysystemid', 'sale.paysystem'), ('sale.*', '*invoiceid', 'invoice'),
    ('sale.propertyvalue.modify', '*.order.id', 'sale.order'), ('sale.shipmentpropertyvalue.modify', '*.shipment.id', 'sale.shipment'),
    ('sale.*', '*persontypeid', 'sale.persontype'), ('*', '*paymentid', 'crm.item.payment'), ('sale.*', '*.productid', None), ('sale.*', '*.recurringid', None),
    # chats and the rest
    ('imbot.v2.*', 'botid', 'imbot.v2.bot'), ('imbot.v2.*', 'commandid', 'imbot.v2.command'), ('im*', '*botid', 'imbot'), ('imbot.*', 'commandid', 'imbot.command'),
    ('im.notify.*', 'notifyid', 'notification'), ('im.notify.*', 'id*', 'notification'), ('im.notify.*', 'lastid', None), ('im.*', 'firstid', None),
    ('im.*', 'replyid', 'message'), ('im*', '*messageid', 'message'), ('im*', '*chatid', 'chat'), ('imopenlines.*', 'configid', 'imopenlines.config'),
    ('imopenlines.*', '*queue.entityid', 'user'), ('imopenlines.*', 'sessionid', None), ('imbot.chat.*', 'entityid', None),
    ('log.blogcomment.*', 'postid', 'blogpost'), ('log.*', 'postid', 'blogpost'), ('log.blogcomment.delete', 'commentid', 'log.blogcomment'),
    ('log.*', 'firstid', None), ('log.*', 'lastid', None), ('booking.*', '*.clients.id', 'contact'), ('booking.*', 'clients.id', 'contact'),
    ('booking.*', '*entities.id', 'contact'), ('tasks.task.file*', 'fileid*', 'file'), ('im*.v2.file.*', 'fileid', 'file'), ('catalog.price.*', '*.prices.id', 'catalog.price'),
    ('booking.*', '*resourceid*', 'booking.v1.resource'), ('booking.v1.resource.*', '*.typeid', 'booking.v1.resourcetype'), ('booking.*', '*waitlistid', 'booking.v1.waitlist'),
    ('booking.*', '*bookingid', 'booking.v1.booking'), ('documentgenerator.document.*', 'templateid', 'documentgenerator.template'),
    ('documentgenerator.*', '*numeratorid', 'documentgenerator.numerator'), ('documentgenerator.*', '*.roleid', 'documentgenerator.role'),
    ('documentgenerator.*', '*.fileid', 'file'), ('landing.site.*folder', 'id', 'landing.folder'), ('landing.site.*', '*parentid', 'landing.folder'), ('landing.*', '*siteid', 'landing.site'), ('landing.*', 'lid', 'landing.landing'),
    ('landing.*', '*landingidindex', 'landing.landing'), ('landing.*', 'block', 'landing.block'),
    ('landing.*', 'blockid', 'landing.block'), ('landing.*', '*.afterid', 'landing.block'), ('landing.*', '*folderid', 'landing.folder'),
    ('landing.syspage.deleteforlanding', 'id', 'landing.landing'), ('landing.syspage.*', 'id', 'landing.site'), ('landing.template.*landingref', 'id', 'landing.landing'),
    ('landing.template.*siteref', 'id', 'landing.site'), ('landing.site.*', '*indexid', 'landing.landing'), ('landing.template.*', 'data.*', None),
    ('mail.*', '*messageid*', 'mail.message'), ('mail.*', 'mailboxid', 'mail.mailbox'), ('note.*', '*collectionid', 'note.collection'),
    ('note.*', '*documentid', 'note.document'), ('note.document.*', '*.parentid', 'note.document'), ('voximplant.sip.*', '*configid', 'sip'),
    ('userconsent.*', 'agreementid', 'userconsent.agreement'), ('bizproc.*', 'templateid', None), ('bizproc.*', 'taskid*', 'bizproc.task'),
]

# What a parameter of this name means anywhere.
NAMES = {noun: names.split() for noun, names in {
    'user': 'userid userids users assignedbyid responsibleid responsibleids createdby updatedby modifiedby movedby creatorid authorid accomplices auditors '
            'observers attendees fromuserid touserid ufhead memberhead memberdeputyhead memberemployee approvedby empstatusid empmarkedid empcanceledid '
            'emppaidid empresponsibleid empreturnid lockedby scrummasterid',
    'contact': 'contactid contactids', 'company': 'companyid companyids mycompanyid', 'lead': 'leadid', 'deal': 'dealid', 'quote': 'quoteid',
    'invoice': 'invoiceid', 'dealcategory': 'dealcategoryid categoryid', 'task': 'taskid', 'chat': 'chatid', 'message': 'messageid', 'product': 'productid',
    'sale.order': 'orderid', 'activity': 'activityid', 'workgroup': 'groupid',
}.items()}

# Ids inside of text: (pattern, text with the record's id). Group 2 is kept as {rest}.
TEXTS = [
    (r'livechat\|(\d+)\|\d+\|\d+', 'livechat|{@imopenlines.config}|1|x'),
    (r'C(\d+):(NEW|PREPARATION|PREPAYMENT_INVOICE|EXECUTING|FINAL_INVOICE|WON|LOSE|APOLOGY)', 'C{@dealcategory}:{rest}'),
    (r'C(\d+):(UC_\w+)', 'C{@dealcategory}:NEW'), (r'DEAL_STAGE_(\d+)', 'DEAL_STAGE_{@dealcategory}'),
    (r'DEAL_(\d+)', 'DEAL_{@deal}'), (r'LEAD_(\d+)', 'LEAD_{@lead}'), (r'CONTACT_(\d+)', 'CONTACT_{@contact}'), (r'COMPANY_(\d+)', 'COMPANY_{@company}'),
    (r'D_(\d+)', 'D_{@deal}'), (r'L_(\d+)', 'L_{@lead}'), (r'C_(\d+)', 'C_{@contact}'), (r'CO_(\d+)', 'CO_{@company}'),
    (r'chat(\d+)', 'chat{@chat}'), (r'n(\d+)', 'n{@file}'), (r'U(\d+)', 'U{@user}'), (r'SG(\d+)', 'SG{@workgroup}'), (r'DR(\d+)', 'DR{@department}'),
]

# Records that every portal has under the same number.
FIXED = {('user', '1'): 'owner', ('department', '1'): 'rootdepartment'}

# What must be there for an answer to show it, though neither the method's name nor its parameters say so.
SHOWS = {'im.v2.event.get': ['message'], 'imbot.v2.event.get': ['v2usermessage'], 'imbot.chat.get': ['botentitychat'], 'im.chat.get': ['entitychat'],
         'im.search.chat.list': ['chat'], 'im.search.department.list': ['department'], 'im.message.command': ['taskcommand'], 'imopenlines.dialog.get': ['knownchat'], 'tasks.task.result.list': ['taskresult'], 'lists.get': ['grouplist'],
         'note.document.search.list': ['note.document'], 'telephony.externalcall.searchcrmentities': ['contact', 'company'],
         'voximplant.statistic.get': ['finishedcall'], 'calendar.event.get': ['calendar.event'], 'mail.message.list': ['mail.message'], 'mail.recipient.listcontacts': ['mail.message'], 'tasks.task.list': ['task'], 'note.document.tree.list': ['notechild'], 'note.document.get': ['notechild'], 'im.dialog.messages.search': ['message'],
         'im.notify.history.search': ['notification'], 'calendar.accessibility.get': ['calendar.event'], 'imopenlines.session.history.get': ['linechat'],
         'crm.duplicate.findbycomm': ['contact', 'company', 'lead'], 'crm.status.entity.types': ['dealcategory', 'smarttype'],
         'crm.status.list': ['dealcategory'], 'im.recent.list': ['message'], 'im.recent.get': ['message'], 'batch': ['department']}

# Where the server makes no smart processes, these methods are judged on deals instead.
ON_DEALS = ['crm.category.*', 'crm.item.delete']

# A second record with the same value would be refused: the harness appends a number.
UNIQUE = [('user.add', 'email'), ('*userfield.add', '*.fieldname'), ('userfieldconfig.add', '*.fieldname'), ('crm.status.add', '*.statusid'),
          ('*.add', '*.xmlid'), ('*.add', '*.code'), ('*.add', 'code'), ('*.add', '*.list.xmlid'), ('*.register', 'code'),
          ('lists.*add', '*code'), ('disk.*', 'data.name'), ('*.status.add', '*.id'), ('crm.timeline.*.add', 'code'), ('userfieldtype.add', 'usertypeid'),
          ('crm.invoice.status.add', '*.statusid'), ('sale.status.add', '*.id')]

VALUES = [
    ('user.userfield.*', 'fields.mandatory', 'N'),
    ('calendar.accessibility.get', 'from', '2026-03-01'), ('calendar.accessibility.get', 'to', '2026-04-01'), ('im.notify.history.search', 'lastid', 0),
    ('im.notify.history.search', 'searchtext', 'Replay'), ('im.notify.history.search', 'searchtype', ''), ('im.notify.history.search', 'searchdate', ''),
    ('im.notify.history.search', 'grouptag', ''), ('im.recent.list', 'lastmessagedate', None), ('im.recent.list', 'unreadonly', 'N'), ('note.collection.list', 'pagination.aftercursor.*', 0),
    ('ai.engine.unregister', 'code', 'acme_gpt'), ('calendar.event.get', 'from', '2026-03-01'), ('calendar.event.get', 'to', '2026-04-01'),
    ('calendar.event.update', 'ownerid', 1), ('im.search.*', 'find', 'Replay'), ('main.eventlog.tail', 'cursor.value', 0),
    ('landing.demos.unregister', 'code', 'leaflet'), ('landing.landing.resolveidbypublicurl', 'landingurl', '/sale/'), ('landing.block.*card', 'selector', '.landing-block-node-card@0'),
    ('mail.mailbox.list', 'name', 'admin'), ('mail.mailbox.list', 'email', 'localhost'), ('mail.message.list', 'searchquery', 'Replay'),
    ('mail.message.list', 'hasattachments', False), ('mail.recipient.listcontacts', 'query', 'clara'), ('mail.recipient.list*', 'query', 'replay'), ('note.document.search.list', 'query', 'borscht'),
    ('telephony.externalcall.searchcrmentities', 'phonenumber', SHARED_PHONE), ('timeman.open', 'time', TODAY), ('userfieldtype.delete', 'usertypeid', 'test'),

    ('sale.statuslang.deletebyfilter', 'fields.statusid', 'RD'), ('crm.currency.add', 'fields.currency', 'QZZ'),
    ('humanresources.node.search', 'name', 'Replay'), ('humanresources.employee.search', 'name', 'Ada'),
    ('crm.requisite.preset.field.update', 'fields.fieldname', 'RQ_OGRN'), ('user.userfield.*', 'fields.mandatory', 'N'), ('crm.productsection.add', 'fields.name', 'Replay'), ('crm.productsection.add', 'fields.sectionid', 0),
    ('sale.paysystem.update', 'fields.bxresthandler', 'replayp'), ('sale.paysystem.update', 'fields.logotype', PNG),
    ('userfieldconfig.*','field.mandatory','N'), ('task.item.userfield.add','params.mandatory','N'), ('crm.*.userfield.update','fields.mandatory','N'), ('mail.message.*', 'from', 'admin@localhost'), ('vote.attachedvote.get*', 'attachid', 1), ('vote.attachedvote.recall', 'attachid', 1), ('vote.attachedvote.vote', 'attachid', 3), ('vote.attachedvote.*', 'attachid', 2), ('vote.attachedvote.getanswervoted', 'answerid', 2), ('voximplant.*', 'fromline', 'reg150001'), ('telephony.externalcall.register', 'phonenumber', '+4930112233'), ('sale.basketitem.*', 'fields.currency', 'EUR'), ('sale.status.add', 'fields.id', 'Z9'), ('sale.status*', 'fields.statusid', 'N'), ('sale.order.add', 'fields.currency', 'EUR'), ('sale.delivery.add', 'restcode', 'replayd'), ('sale.delivery.add', 'currency', 'EUR'), ('sale.paysystem.add', 'bxresthandler', 'replayp'), ('sale.cashbox.add', 'restcode', 'replayc'), ('landing.landing.addbytemplate', 'code', 'empty'), ('imbot.v2.*', 'bottoken', 'my_bot_token'), ('crm.status.add', 'fields.sort', 35), ('crm.duplicate.findbycomm', 'values', SHARED_PHONE), ('crm.dealcategory.default.set', 'name', 'Replay')]

# A request that cannot be had by replacing values. The example of epic.update has all of it within `fields`, against its own parameters. The polls of SETUP are numbered in their order, with a question and three answers each.
REQUESTS = {'rpa.item.get': {'typeId': 1, 'id': 1}, 'rpa.item.gettasks': {'typeId': 1, 'id': 1}, 'rpa.item.list': {'typeId': 1}, 'rpa.timeline.listforitem': {'typeId': 1, 'itemId': 1},
            'rpa.timeline.add': {'fields': {'title': 'rest update', 'description': '<h5>small header</h5>'}},
            'tasks.api.scrum.epic.update': {'id': 1, 'fields': {'name': 'Updated epic name', 'description': 'Updated description text', 'color': '#bbecf1', 'files': ['n429', 'n243']}},
            'vote.attachedvote.vote': {'attachId': 3, 'ballot': {'3': ['8', '9']}}}

# What the page, or imopenlines.bot.session.finish for its kind, says that a webhook must give, and its example leaves out; as the bodies of nouns.py.
ADDED = {'rpa.timeline.add': {'typeId': '@rpa.type', 'itemId': '@rpa.item'}, 'imopenlines.bot.session.message.send': {'CLIENT_ID': 'replay'}, 'imopenlines.bot.session.operator': {'CLIENT_ID': 'replay'},
         'imbot.chat.setowner': {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay'}}

# (methods, noun) of what a method changes for good though no `id` names it: it gets a record of its own.
FRESH = [('imbot.v2.chat.leave', 'v2chat'), ('imbot.v2.chat.setowner', 'v2chat'), ('landing.landing.*delete', 'landing.landing'),
         ('im.disk.file.delete', 'chatfile'), ('imopenlines.bot.session.*', 'botline'), ('task*.*approve', 'showntask'), ('task*.renew', 'donetask'),
         ('tasks.task.result.addfrom*', 'task.commentitem')]

# The last part of a path -> the noun of the ids that are keys there.
KEYED = {'members': 'user'}

# Methods that add to the record that the makers linked to others, not to another one.
BESIDE = ['imbot.*', 'im.message.*', 'imopenlines.*', 'note.*', 'tasks.template.*']

# Parameters that say where a page starts: the world has no second page.
PAGE_START = {'start': 0, 'offset': 0, 'page': 1}

# Placeholders: (what the value looks like, what the path looks like, the value that replaces it). ID is a record, DROP leaves the parameter out.
ID, DROP = object(), object()
PLACEHOLDERS = [
    (r'.*\[cut \d+ chars\]|\*\*.*base64.*\*\*', r'^fields\.file$', DOCX), (r'[0-9a-f]{14}\.\d{8}', r'^id$', ID), (r'\w+\.\d+\|.*', r'^eventtoken$', ID),
    (r'\$\(date.*%Y-%m-%d\)', r'', '2026-03-02'), (r'\$\(date.*', r'', DAY), (r'\*\*put_.*date.*\*\*', r'', DAY), (r'.*\*\*current_datetime.*|formatDate\(.*\)', r'', DAY),
    (r'\*\*put_client_id.*|\*\*put_your_client_id.*', r'', 'replay'), (r'\*\*put_(id|.*_id)_?(here)?\*\*|\*\*put_attach_id\*\*|your_\w*id\w*', r'', ID),
    (r'.*\[cut \d+ chars\]|[A-Za-z0-9+/]{12,}\.\.\.[A-Za-z0-9+/=]*|\*\*.*(base64|photo|file|content|image).*\*\*', r'', PNG),
    (r'__PLACEHOLDER__|put your .*', r'ids?$', ID), (r'__PLACEHOLDER__', r'', DROP), (r'\*\*.*\*\*|<[A-Za-z_ ]+>|put your .*', r'', 'Replay'),
]
