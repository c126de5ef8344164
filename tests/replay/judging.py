"""What counts as a difference, as data."""

# Keys that belong to the documented portal alone. The named user fields are part of every portal.
STANDARD_UF = ('DEPARTMENT|HEAD|PHONE_INNER|EMPLOYMENT_DATE|INTERESTS|SKILLS|WEB_SITES|XING|LINKEDIN|FACEBOOK|TWITTER|SKYPE|SKYPE_LINK|ZOOM|DISTRICT|TIMEMAN|'
               'CRM_TASK|TASK_WEBDAV_FILES|MAIL_MESSAGE|FORUM_MESSAGE_\\w+|BLOG_POST_\\w+|COMPANY_ID|CONTACT_ID|DEAL_ID|MYCOMPANY_ID|QUOTE_ID|CRM_CAL_EVENT|WEBDAV_\\w+')
PORTAL_KEY = rf'UF_(?!(?:{STANDARD_UF})$).*|ufCrm.*|ufRpa.*|ufAuto.*|uf[A-Z]\w*\d{{4,}}\w*|PARENT_ID_\d+|parentId\d+|(property|field|PROPERTY_|DYNAMIC_|block_|repo_)\d+|\.\.\.'
# An object all of whose keys are of one of these kinds is a map: its values are compared, not its keys.
MAP_KEYS = [r'-?\d+', r'(U|G|D|DR|SG|T|CO|chat|reg|sip|user|group|upload|DYNAMIC_|repo_)\d+', r'\d{4}-\d\d-\d\d',
            r'en|de|ru|ar|br|by|cn|cz|es|fr|hi|hu|in|it|ja|kz|la|ms|nl|pl|ro|sc|tc|th|tr|ua|uk|vn']
# Keys that a good answer may lack.
OPTIONAL = ['next', 'time.operating', 'time.operating_reset_at']
# (documented type, our type, path, why it is no difference); '*' is any.
TOLERATED = [
    ('null', '*', 'result?*', 'the sample shows no value'),
    ('*', 'null', 'result?*', 'our record has no value'),
    ('empty list', 'object', '*', 'PHP shows an empty map as []'),
    ('object', 'empty list', '*', 'PHP shows an empty map as []'),
    ('empty list', 'empty object', '*', 'PHP shows an empty map as []'),
]
# In what describes fields, these values are what clients read: another one is worth a look.
FACTS = ('type', 'isRequired', 'isReadOnly', 'isImmutable', 'isMultiple', 'isDynamic', 'isDeprecated', 'statusType', 'upperName')
# The shape under the first key depends on the value of the second: only rows of ours with the sample's value are compared.
VARIANTS = {'SETTINGS': 'USER_TYPE_ID', 'LIST': 'USER_TYPE_ID', 'settings': 'userTypeId', 'enum': 'userTypeId', 'data': 'action'}

# Faults of the documentation: (method, path of a difference, what is wrong). Such a difference is shown as a note.
# --faults names a file with more.
DOC_FAULTS = [
    ('app.info', '*', 'the page shows what an application gets; a webhook gets SCOPE and LICENSE (protocol.md, 7)'),
    ('telephony.externalcall.finish', 'result.CALL_START_DATE', 'a PHP object of time without its text; the page says datetime, and voximplant.statistic.get shows text'),
    ('imopenlines.session.history.get', 'result.users{}.phones', 'false of who has none; im.recent.list and im.department.* say: object or false'),
    ('tasks.api.scrum.task.update', 'result', 'what the controller of the interface answers; the typed example of the page says boolean'),
    ('task.elapseditem.getmanifest', '*.allowedAggregations', 'no page says how getlist is asked for sums, and ours offers none'),
    ('im.department.colleagues.list', 'result[]', 'the sample is that of USER_DATA N, as the page says above it; the example asks for Y'),
    ('im.department.employees.get', 'result{}[]', 'the sample is that of USER_DATA N, as the page says above it; the example asks for Y'),
    ('im.recent.list', 'result.items[].user.phones', 'false of who has none; the page says: object or false'),
    ('imopenlines.session.history.get', 'result.message{}.params.connectorMid', 'only of messages that came through a connector, which an application registers'),
    ('tasks.template.checklist.add', 'result.checkListItem.members[].id', 'the page describes it as string, and the samples of get and update have one'),
    ('im.department.managers.get', 'result{}[]', 'the sample is that of USER_DATA N, as the page says above it; the example asks for Y'),
    ('im.notify.confirm', 'result.result_message', 'the page says: an array or false; only invitations have a handler, and nobody invites the owner here'),
    ('tasks.api.scrum.epic.getfields', '(status)', 'a result with the status 400, which its sibling pages give as 200'),
    ('crm.activity.list', 'time.operating_reset_at', 'a number on every other page, and in time of data-types'),
    ('crm.deal.recurring.list', 'result[].*', 'some names are in small letters; crm.deal.recurring.get and .fields have capitals'),
    ('crm.invoice.userfield.add', '*', 'the request is that of a list: order and filter'),
    ('crm.item.fields', 'result.fields.contacts', 'crm.item.add, .update and .get know contactIds alone'),
    ('userfieldconfig.gettypes', 'result.types.rest_219_test', 'a type of an application that the portal of the page had'),
    ('sale.basketitem.updatecatalogproduct', 'result.basketItem.productid', 'misspells productId, which its own table has'),
    ('sale.cashbox.list', 'result[].DATE_CREATE', 'prints {} for a date; the type in the page\'s own code is ISODate'),
    ('sale.cashbox.check.apply', '*', 'needs a receipt that a real cash register printed'),
    ('documentgenerator.region.list', 'result.regions.1', 'the number of a region that the portal of the page had added'),
    ('rpa.timeline.listforitem', 'result.timeline[].data.stage*', 'the task of the sample moves its item, as one with a target stage does; approvals move nothing'),
    ('rpa.timeline.listforitem', 'result.timeline[].data.task.PARAMETERS.*', 'settings of a rule from the designer, which rules that are recorded do not have'),
    ('rpa.timeline.listforitem', 'result.timeline[].data.fields', 'the task of the sample sets fields; approvals set none'),
    ('batch', '*.get_department', 'the sample misspells the name of its own command'),
]

# ---------------------------------------------------------------------------------------------------------------- errors
# How the text or code of a documented error tells what provokes it.
ERRORS = {
    'missing': r"required|not specified|not provided|is empty|missing|not defined|must be array|could not find value|can't be empty|null or empty|not passed|_EMPTY$|MISSING|is not set",
    'unknown id': r'not found|not exist|does not exist|no such|NOT_FOUND|could not find entity|invalid id\b|wrong (task )?id|cannot be found',
    'application': r'application context|context of (a|the) (REST )?application|WRONG_AUTH_TYPE|WRONG_CONTEXT',
}
NO_SUCH_ID = 999999937
# What the whole system answers, whether a page says so or not.
SYSTEM_ERRORS = {'missing': [('100', r'Could not find value for parameter \{\w+\}')]}
# Codes in the documentation that are none: a status, or a sentence.
NO_CODE = r'[2-5]\d\d|.* .*'
