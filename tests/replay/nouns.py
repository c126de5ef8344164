"""How records are made, as data. A module whose add methods have an example mostly needs nothing here: see World.ways.

In bodies: '@noun' is the id of a record of that noun, '{n}' a number that is used once, Hint a value taken from the sample.
"""
from datetime import datetime, timezone
from typing import Any, NamedTuple


class Make(NamedTuple):     # makes a record by a method of the API
    method: str
    body: dict
    then: tuple = ()        # further (method, body); '@self' is the new record
    version: str = 'v2'


class Find(NamedTuple):     # takes one that is there
    method: str
    body: dict
    path: str               # within the answer: 'result.0.ID'; with {i}, one after the other
    version: str = 'v2'


class Hint(NamedTuple):     # the value that the sample shows under this key, since the answer's shape depends on it
    key: str
    default: Any


DOCX = 'UEsDBBQAAAAAABRTfl3HHBc8CAAAAAgAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbDxUeXBlcy8+UEsDBBQAAAAAABRTfl39sht/hAAAAIQAAAARAAAAd29yZC9kb2N1bWVudC54bWw8P3htbCB2ZXJzaW9uPSIxLjAiPz48dzpkb2N1bWVudCB4bWxuczp3PSJ3Ij48dzpib2R5Pjx3OnA+PHc6cj48dzp0PntEb2N1bWVudE51bWJlcn0ge1RpdGxlfTwvdzp0PjwvdzpyPjwvdzpwPjwvdzpib2R5Pjwvdzpkb2N1bWVudD5QSwECFAMUAAAAAAAUU35dxxwXPAgAAAAIAAAAEwAAAAAAAAAAAAAAgAEAAAAAW0NvbnRlbnRfVHlwZXNdLnhtbFBLAQIUAxQAAAAAABRTfl39sht/hAAAAIQAAAARAAAAAAAAAAAAAACAATkAAAB3b3JkL2RvY3VtZW50LnhtbFBLBQYAAAAAAgACAIAAAADsAAAAAAA='
PNG24 = 'iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAYAAADgdz34AAAAGElEQVR4nO3BAQ0AAADCoPdP7ewBFAAANwkYAAHw0wEXAAAAAElFTkSuQmCC'
PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
SHARED_PHONE = '+493055501'     # all records have it
DAY = '2026-03-02T10:00:00+00:00'
TODAY = datetime.now(timezone.utc).timetuple()
ADDRESS = {'ADDRESS': '1 Main Street', 'ADDRESS_2': '4', 'ADDRESS_CITY': 'Berlin', 'ADDRESS_POSTAL_CODE': '10115', 'ADDRESS_REGION': 'Mitte',
           'ADDRESS_PROVINCE': 'Berlin', 'ADDRESS_COUNTRY': 'Germany', 'ADDRESS_COUNTRY_CODE': 'DE'}
UTM = {'UTM_SOURCE': 'google', 'UTM_MEDIUM': 'CPC', 'UTM_CAMPAIGN': 'spring', 'UTM_CONTENT': 'banner', 'UTM_TERM': 'crm'}
MULTI = {'PHONE': [{'VALUE': '+4930{n}', 'VALUE_TYPE': 'WORK'}, {'VALUE': SHARED_PHONE, 'VALUE_TYPE': 'MOBILE'}],
         'EMAIL': [{'VALUE': 'replay{n}@example.com', 'VALUE_TYPE': 'WORK'}],
         'WEB': [{'VALUE': 'https://example.com/{n}', 'VALUE_TYPE': 'WORK'}], 'IM': [{'VALUE': 'replay{n}', 'VALUE_TYPE': 'TELEGRAM'}]}
PERSON = {'NAME': 'Ada', 'SECOND_NAME': 'M', 'LAST_NAME': 'Replay {n}', 'BIRTHDATE': '1990-05-17', 'POST': 'Engineer'}
ORIGIN = {'ORIGINATOR_ID': 'replay', 'ORIGIN_ID': '{n}'}
ROWS = [{'PRODUCT_ID': '@product', 'PRODUCT_NAME': 'Replay {n}', 'STORE_ID': '@catalog.store', 'PRICE': 100.5, 'QUANTITY': 2, 'DISCOUNT_TYPE_ID': 2, 'DISCOUNT_RATE': 10, 'TAX_RATE': 10, 'TAX_INCLUDED': 'Y',
         'MEASURE_CODE': 796, 'MEASURE_NAME': 'pcs', 'SORT': 10}]
SALE = {'CURRENCY_ID': 'EUR', 'OPPORTUNITY': 1500.5, 'OPENED': 'Y', 'ASSIGNED_BY_ID': '@owner', 'COMMENTS': 'made by the replay', 'SOURCE_ID': 'WEB',
        'SOURCE_DESCRIPTION': 'replay'}
USERFIELD = {'USER_TYPE_ID': Hint('USER_TYPE_ID', 'string'), 'LABEL': 'Replay {n}', 'SORT': 100, 'MULTIPLE': Hint('MULTIPLE', 'N'), 'MANDATORY': 'N',
             'XML_ID': 'REPLAY_{n}',
             'EDIT_FORM_LABEL': {'en': 'Replay', 'de': 'Replay'}, 'LIST_COLUMN_LABEL': {'en': 'Replay', 'de': 'Replay'},
             'LIST_FILTER_LABEL': {'en': 'Replay', 'de': 'Replay'}, 'LIST': [{'VALUE': 'One', 'SORT': 10, 'DEF': 'Y'}, {'VALUE': 'Two', 'SORT': 20}]}

GOODS = {'name': 'Replay {n}', 'active': 'Y', 'code': 'replay{n}', 'xmlId': '{n}', 'dateActiveFrom': DAY, 'dateActiveTo': DAY,
         'detailPicture': {'fileData': ['detail.png', PNG]}, 'previewPicture': {'fileData': ['preview.png', PNG]}, 'detailText': 'detail', 'previewText': 'preview',
         'height': 100, 'length': 100, 'width': 100, 'weight': 100, 'measure': 5, 'purchasingCurrency': 'EUR', 'purchasingPrice': 10.5, 'quantity': 10,
         'quantityTrace': 'Y', 'vatId': '@catalog.vat', 'vatIncluded': 'Y'}
SERVICE = {k: GOODS[k] for k in ('name', 'active', 'code', 'xmlId', 'dateActiveFrom', 'dateActiveTo', 'detailPicture', 'previewPicture', 'detailText', 'previewText',
                                 'vatId', 'vatIncluded')}
ARRIVAL = ('catalog.document.element.add', {'fields': {'docId': '@self', 'storeTo': '@catalog.store', 'elementId': '@product', 'amount': 2, 'purchasingPrice': 3}})
TEXTS_DOCX = 'UEsDBBQAAAAIAAAAYlzHHBc8CgAAAAgAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbLMJqSxILda3AwBQSwMEFAAAAAgAAABiXJA8G3KMAAAA0gAAABEAAAB3b3JkL2RvY3VtZW50LnhtbEWOwQ6DIAyGX4XwAHO7GsTDPC87uAfASTISoKaAbDG++6hz8fK1f//mb0X7dpbNGoMB3/DL6cxbKXI9wjM57SMrtg91bnjmNB9g/FCdCEiIcun25Vtyg8aVLdeEWHSnoiZlDZnKHeL+Ak+qh6gsTcFRQOkeQeO++o/tTbR6FRXdIuLGaePvn+p4WH4BUEsBAhQDFAAAAAgAAABiXMccFzwKAAAACAAAABMAAAAAAAAAAAAAAIABAAAAAFtDb250ZW50X1R5cGVzXS54bWxQSwECFAMUAAAACAAAAGJckDwbcowAAADSAAAAEQAAAAAAAAAAAAAAgAE7AAAAd29yZC9kb2N1bWVudC54bWxQSwUGAAAAAAIAAgCAAAAA9gAAAAAA'     # {DocumentNumber}, {CurrentDate}, {ClientName}, {ClientPhone}, {Total}, {Comment}, {UserName}, {DocumentTitle}
COMPANY_DOCX = 'UEsDBBQAAAAIAAAAYlzHHBc8CgAAAAgAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbLMJqSxILda3AwBQSwMEFAAAAAgAAABiXMDkJ0BxAAAAngAAABEAAAB3b3JkL2RvY3VtZW50LnhtbLOxr8jNUShLLSrOzM+zVTLUM1Cyt7Mpt0rJTy7NTc0rUQBK5xVbldsqlSuBxJPyUypBdAGIKAIRJXbVLlDFfqW5SalFtQpwgZDMkpxUIN+30jk/tyAxrzI0zSc/Pb/WRh+kD0QWgckCMAkxWx9huR0AUEsBAhQDFAAAAAgAAABiXMccFzwKAAAACAAAABMAAAAAAAAAAAAAAIABAAAAAFtDb250ZW50X1R5cGVzXS54bWxQSwECFAMUAAAACAAAAGJcwOQnQHEAAACeAAAAEQAAAAAAAAAAAAAAgAE7AAAAd29yZC9kb2N1bWVudC54bWxQSwUGAAAAAAIAAgCAAAAA2wAAAAAA' # {DocumentNumber}, {DocumentTitle}, {MyCompanyUfLogo}
CARD = [{'name': 'main', 'title': 'Main', 'type': 'section', 'elements': [
    {'name': 'TITLE', 'optionFlags': '0'}, {'name': 'CLIENT', 'optionFlags': '1', 'options': {'defaultCountry': 'DE'}}]}]
# A task with everything, and what happens to it.
TASK = {'TITLE': 'Replay {n}', 'DESCRIPTION': 'replay', 'RESPONSIBLE_ID': '@owner', 'CREATED_BY': '@owner', 'DEADLINE': '2026-03-20T10:00:00+00:00', 'PRIORITY': 2,
        'ALLOW_TIME_TRACKING': 'Y', 'TASK_CONTROL': 'Y', 'TIME_ESTIMATE': 3600, 'GROUP_ID': '@workgroup', 'PARENT_ID': '@parenttask', 'AUDITORS': ['@user'],
        'ACCOMPLICES': ['@user#1'], 'TAGS': ['replay'], 'MARK': 'P', 'START_DATE_PLAN': DAY, 'END_DATE_PLAN': DAY.replace('-02T', '-04T'),
        'UF_TASK_WEBDAV_FILES': ['n{@file}'], 'UF_CRM_TASK': ['D_{@deal}']}
WORK = (('task.checklistitem.add', {'TASKID': '@self', 'FIELDS': {'TITLE': 'Replay {n}', 'MEMBERS': {'1': {'TYPE': 'A'}}}}),
        ('task.commentitem.add', {'TASKID': '@self', 'FIELDS': {'POST_MESSAGE': 'Replay {n}'}}),
        ('task.elapseditem.add', {'TASKID': '@self', 'ARFIELDS': {'SECONDS': 600, 'COMMENT_TEXT': 'Replay {n}'}}))
SCRUM = {'VISIBLE': 'Y', 'OPENED': 'Y', 'INITIATE_PERMS': 'K', 'PROJECT': 'Y', 'SCRUM_MASTER_ID': '@owner', 'SCRUM_SPRINT_DURATION': 604800}
SPRINT = {'name': 'Replay {n}', 'createdBy': '@owner', 'dateStart': DAY, 'dateEnd': DAY}

NOUNS = {
    # people
    'user': [Make('user.add', {'EMAIL': 'replay{n}@example.com', 'NAME': 'Ada', 'LAST_NAME': 'Replay {n}', 'UF_DEPARTMENT': ['@rootdepartment'],
                               'SECOND_NAME': 'M', 'WORK_POSITION': 'Engineer', 'WORK_PHONE': '+4930{n}', 'PERSONAL_GENDER': 'F', 'PERSONAL_CITY': 'Berlin',
                               'PERSONAL_WWW': 'https://example.com/', 'PERSONAL_PHONE': '+4930{n}', 'PERSONAL_BIRTHDAY': '1990-05-17', 'PERSONAL_MOBILE': '+4930{n}', 'UF_PHONE_INNER': '22'}),
             Find('user.get', {}, 'result.0.ID')],
    'rootdepartment': [Find('department.get', {'sort': 'ID', 'order': 'ASC'}, 'result.0.ID')],
    'department': [Make('department.add', {'NAME': 'Replay {n}', 'PARENT': '@rootdepartment', 'SORT': 500, 'UF_HEAD': '@owner'},
                         (('user.add', {'EMAIL': 'replay{n}@example.com', 'NAME': 'Ada', 'LAST_NAME': 'Replay {n}', 'UF_DEPARTMENT': ['@self']}),))],
    'user.userfield': [Make('user.userfield.add', {'fields': USERFIELD | {'FIELD_NAME': 'UF_USR_REPLAY{n}'}})],
    'humanresources.node': [Make('humanresources.node.add', {'name': 'Replay {n}', 'type': 'DEPARTMENT', 'parentId': 1}, (), 'v3')],
    # crm
    'contact': [Make('crm.contact.add', {'fields': PERSON | MULTI | ADDRESS | UTM | ORIGIN | {
        'HONORIFIC': 'HNR_EN_1', 'TYPE_ID': 'CLIENT', 'SOURCE_ID': 'WEB', 'SOURCE_DESCRIPTION': 'replay', 'COMMENTS': 'made by the replay', 'OPENED': 'Y',
        'EXPORT': 'Y', 'ASSIGNED_BY_ID': '@owner', 'PHOTO': {'fileData': ['photo.png', PNG]}}},
        (('crm.contact.company.add', {'id': '@self', 'fields': {'COMPANY_ID': '@company'}}),))],
    'company': [Make('crm.company.add', {'fields': MULTI | ADDRESS | UTM | ORIGIN | {'REG_' + k: v for k, v in ADDRESS.items()} | {
        'TITLE': 'Replay {n} Ltd', 'COMPANY_TYPE': 'CUSTOMER', 'INDUSTRY': 'IT', 'EMPLOYEES': 'EMPLOYEES_1', 'CURRENCY_ID': 'EUR', 'REVENUE': 1500.5,
        'OPENED': 'Y', 'IS_MY_COMPANY': 'N', 'ASSIGNED_BY_ID': '@owner', 'COMMENTS': 'made by the replay', 'BANKING_DETAILS': 'DE00',
        'LOGO': {'fileData': ['logo.png', PNG]}}},
        (('crm.company.contact.add', {'id': '@self', 'fields': {'CONTACT_ID': '@contact'}}),))],
    'lead': [Make('crm.lead.add', {'fields': PERSON | MULTI | ADDRESS | UTM | ORIGIN | SALE | {
        'TITLE': 'Replay {n}', 'HONORIFIC': 'HNR_EN_1', 'STATUS_ID': 'NEW', 'STATUS_DESCRIPTION': 'new', 'COMPANY_TITLE': 'Replay Ltd',
        'CONTACT_ID': '@contact', 'COMPANY_ID': '@company'}},
        (('crm.lead.productrows.set', {'id': '@self', 'rows': ROWS}), ('crm.lead.contact.add', {'id': '@self', 'fields': {'CONTACT_ID': '@contact'}})))],
    'deal': [Make('crm.deal.add', {'fields': UTM | ORIGIN | SALE | {
        'TITLE': 'Replay {n}', 'TYPE_ID': 'SALE', 'STAGE_ID': 'NEW', 'PROBABILITY': 50, 'TAX_VALUE': 1.5, 'IS_MANUAL_OPPORTUNITY': 'Y', 'BEGINDATE': DAY,
        'CLOSEDATE': DAY, 'ADDITIONAL_INFO': 'info', 'COMPANY_ID': '@company', 'CONTACT_IDS': ['@contact']}},
        (('crm.deal.productrows.set', {'id': '@self', 'rows': ROWS}),))],
    'quote': [Make('crm.quote.add', {'fields': UTM | {
        'TITLE': 'Replay {n}', 'STATUS_ID': 'DRAFT', 'CURRENCY_ID': 'EUR', 'OPPORTUNITY': 1500.5, 'ASSIGNED_BY_ID': '@owner', 'BEGINDATE': DAY,
        'CLOSEDATE': DAY, 'COMPANY_ID': '@company', 'CONTACT_IDS': ['@contact'], 'DEAL_ID': '@deal', 'LEAD_ID': '@lead', 'COMMENTS': 'made by the replay'}},
        (('crm.quote.productrows.set', {'id': '@self', 'rows': ROWS}),))],
    'invoice': [Make('crm.invoice.add', {'fields': {
        'ORDER_TOPIC': 'Replay {n}', 'STATUS_ID': 'N', 'DATE_INSERT': DAY, 'PAY_SYSTEM_ID': '@crm.paysystem', 'PERSON_TYPE_ID': '@crm.persontype',
        'UF_COMPANY_ID': '@company', 'RESPONSIBLE_ID': '@owner',
        'PRODUCT_ROWS': [{'ID': 0, 'PRODUCT_ID': 0, 'PRODUCT_NAME': 'Replay', 'QUANTITY': 1, 'PRICE': 10}]}})],
    'smarttype': [Make('crm.type.add', {'fields': {'title': 'Replay {n}', 'isCategoriesEnabled': 'Y', 'isStagesEnabled': 'Y', 'isClientEnabled': 'Y',
                                                  'isLinkWithProductsEnabled': 'Y', 'isBeginCloseDatesEnabled': 'Y', 'isObserversEnabled': 'Y',
                                                  'isSourceEnabled': 'Y', 'isMycompanyEnabled': 'Y', 'isDocumentsEnabled': 'Y'}})],
    'crm.automatedsolution': [Make('crm.automatedsolution.add', {'fields': {'title': 'Replay {n}'}})],
    'typeids': [Find('crm.type.list', {'order': {'id': 'ASC'}}, 'result.types.{i}.id')],
    'crm.typeid': [Find('crm.type.list', {'order': {'id': 'DESC'}}, 'result.types.0.id')],
    'crm.type': [Make('crm.type.add', {'fields': {'title': 'Replay {n}', 'isCategoriesEnabled': 'Y'}})],
    'smartitem': [Make('crm.item.add', {'entityTypeId': '@smarttype', 'fields': {'title': 'Replay {n}'}})],
    'smartinvoice': [Make('crm.item.add', {'entityTypeId': 31, 'fields': {'title': 'Replay {n}', 'opportunity': 1500.5, 'currencyId': 'EUR', 'companyId': '@company'}})],
    'smartcategory': [Make('crm.category.add', {'entityTypeId': '@smarttype', 'fields': {'name': 'Replay {n}', 'sort': 500}})],
    'dealcategory': [Make('crm.category.add', {'entityTypeId': 2, 'fields': {'name': 'Replay {n}', 'sort': 500}}),
                     Make('crm.dealcategory.add', {'fields': {'NAME': 'Replay {n}', 'SORT': 500}})],
    'status': [Make('crm.status.add', {'fields': {'ENTITY_ID': 'SOURCE', 'STATUS_ID': 'REPLAY_{n}', 'NAME': 'Replay {n}', 'SORT': 500}})],
    'productrow': [Make('crm.item.productrow.add', {'fields': {
        'ownerId': '@deal', 'ownerType': 'D', 'productName': 'Replay {n}', 'price': 100.5, 'quantity': 20, 'discountTypeId': 2, 'discountRate': 10,
        'taxRate': 10, 'taxIncluded': 'Y', 'measureCode': 796, 'sort': 10}})],
    'activity': [Make('crm.activity.add', {'fields': {
        'OWNER_TYPE_ID': 2, 'OWNER_ID': '@deal', 'TYPE_ID': 2, 'SUBJECT': 'Replay {n}', 'START_TIME': DAY, 'END_TIME': DAY, 'COMPLETED': 'N', 'PRIORITY': 2,
        'RESPONSIBLE_ID': '@owner', 'DESCRIPTION': 'replay', 'DESCRIPTION_TYPE': 1, 'DIRECTION': 2,
        'COMMUNICATIONS': [{'VALUE': '+4930111', 'ENTITY_ID': '@contact', 'ENTITY_TYPE_ID': 3}]}}),
        Make('crm.activity.todo.add', {'ownerTypeId': 2, 'ownerId': '@deal', 'deadline': DAY, 'title': 'Replay {n}', 'responsibleId': '@owner'})],
    'crm.timeline.comment': [Make('crm.timeline.comment.add', {'fields': {'ENTITY_ID': '@deal', 'ENTITY_TYPE': 'deal', 'COMMENT': 'Replay {n}'}})],
    'crm.timeline.logmessage': [Make('crm.timeline.logmessage.add', {'fields': {'entityTypeId': 2, 'entityId': '@deal', 'title': 'Replay {n}', 'text': 'text',
                                                                              'iconCode': 'info'}})],
    'crm.requisite.preset': [Make('crm.requisite.preset.add', {'fields': {'ENTITY_TYPE_ID': 8, 'COUNTRY_ID': 1, 'NAME': 'Replay {n}', 'ACTIVE': 'Y', 'XML_ID': 'r{n}',
                                                                         'SORT': 500}})],
    'crm.requisite.preset.field': [Make('crm.requisite.preset.field.add', {'preset': {'ID': '@crm.requisite.preset'}, 'fields': {
        'FIELD_NAME': name, 'FIELD_TITLE': 'Name', 'SORT': 500}}) for name in ('RQ_NAME', 'RQ_INN', 'RQ_KPP', 'RQ_PHONE')],
    'requisite': [Make('crm.requisite.add', {'fields': {'ENTITY_TYPE_ID': 4, 'ENTITY_ID': '@company', 'PRESET_ID': '@crm.requisite.preset',
                                                       'NAME': 'Replay {n}', 'ACTIVE': 'Y', 'SORT': 500, 'RQ_INN': '7707083893'}})],
    'crm.requisite.bankdetail': [Make('crm.requisite.bankdetail.add', {'fields': {'ENTITY_ID': '@requisite', 'COUNTRY_ID': 1, 'NAME': 'Replay {n}',
                                                                                 'RQ_BANK_NAME': 'Bank', 'ACTIVE': 'Y', 'SORT': 500}})],
    'crm.product': [Make('crm.product.add', {'fields': {'NAME': 'Replay {n}', 'CURRENCY_ID': 'EUR', 'PRICE': 100.5, 'SORT': 500}})],
    'crm.productsection': [Make('crm.productsection.add', {'fields': {'NAME': 'Replay {n}'}})],
    'crm.paysystem': [Find('crm.paysystem.list', {}, 'result.0.ID')],
    'crm.persontype': [Find('crm.persontype.list', {}, 'result.0.ID')],
    'crm.catalog': [Find('crm.catalog.list', {}, 'result.0.ID')],
    'orphanrecurring': [Make('crm.deal.recurring.add', {'fields': {'DEAL_ID': '@deal', 'START_DATE': DAY, 'PARAMS': {'MODE': 'multiple', 'MULTIPLE_TYPE': 'month',
        'MULTIPLE_INTERVAL': 1}}}, (('batch', {'cmd': {'found': 'crm.deal.recurring.list?order[ID]=DESC',
        'gone': 'crm.deal.update?id=$result[found][0][DEAL_ID]&fields[IS_RECURRING]=N'}}),))],
    'templateinvoice': [Make('crm.invoice.add', {'fields': {
        'ORDER_TOPIC': 'Replay {n}', 'STATUS_ID': 'N', 'DATE_INSERT': DAY, 'PAY_SYSTEM_ID': '@crm.paysystem', 'PERSON_TYPE_ID': '@crm.persontype',
        'UF_COMPANY_ID': '@company', 'RESPONSIBLE_ID': '@owner', 'IS_RECURRING': 'Y',
        'PRODUCT_ROWS': [{'ID': 0, 'PRODUCT_ID': 0, 'PRODUCT_NAME': 'Replay', 'QUANTITY': 1, 'PRICE': 10}]}})],
    'crm.invoice.recurring': [Make('crm.invoice.recurring.add', {'fields': {'INVOICE_ID': '@+templateinvoice', 'IS_LIMIT': 'N', 'START_DATE': DAY, 'PARAMS': {
        'PERIOD': 'day', 'INTERVAL': 30}}})],
    'crm.deal.recurring': [Make('crm.deal.recurring.add', {'fields': {'DEAL_ID': '@deal', 'IS_LIMIT': 'T', 'LIMIT_REPEAT': 5, 'CATEGORY_ID': '@dealcategory', 'START_DATE': DAY, 'PARAMS': {
        'MODE': 'multiple', 'MULTIPLE_TYPE': 'month', 'MULTIPLE_INTERVAL': 1, 'OFFSET_BEGINDATE_TYPE': 'day', 'OFFSET_BEGINDATE_VALUE': 1,
        'OFFSET_CLOSEDATE_TYPE': 'month', 'OFFSET_CLOSEDATE_VALUE': 2}}})],
    'userfieldconfig': [Make('userfieldconfig.add', {'moduleId': 'crm', 'field': {'entityId': 'CRM_DEAL', 'fieldName': 'UF_CRM_REPLAY{n}',
                                                                                 'userTypeId': Hint('userTypeId', 'string')}})],
    # tasks and groups
    'task': [Make('tasks.task.add', {'fields': TASK}, WORK),
             Make('task.item.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner'}})],
    'task.checklistitem': [Make('task.checklistitem.add', {'TASKID': '@task', 'FIELDS': {'TITLE': 'Replay {n}', 'SORT_INDEX': 10, 'IS_COMPLETE': 'N', 'IS_IMPORTANT': 'Y', 'MEMBERS': {'1': {'TYPE': 'A'}}}},
                                 (('task.checklistitem.addattachmentbycontent', {'TASKID': '@task', 'ITEMID': '@self', 'NAME': 'a.txt', 'CONTENT': 'cmVwbGF5'}),))],
    'task.commentitem': [Make('task.commentitem.add', {'TASKID': '@task', 'FIELDS': {'POST_MESSAGE': 'Replay {n}', 'AUTHOR_ID': '@owner', 'UF_FORUM_MESSAGE_DOC': ['n{@file}']}})],
    'task.elapseditem': [Make('task.elapseditem.add', {'TASKID': '@task', 'ARFIELDS': {'SECONDS': 600, 'COMMENT_TEXT': 'Replay {n}', 'USER_ID': '@owner'}})],
    'task.item.userfield': [Make('task.item.userfield.add', {'PARAMS': USERFIELD | {'FIELD_NAME': 'UF_TASK_REPLAY{n}'}})],
    'task.stages': [Make('task.stages.add', {'fields': {'TITLE': 'Replay {n}', 'COLOR': '00C4FB', 'AFTER_ID': 0, 'ENTITY_ID': '@workgroup'}})],
    'taskresult': [Make('tasks.task.result.add', {'fields': {'taskId': '@task', 'text': 'Replay {n}'}}, (), 'v3')],
    'parenttask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'GROUP_ID': '@workgroup'}})],
    'runningtask': [Make('tasks.task.add', {'fields': TASK}, WORK + (('tasks.task.start', {'taskId': '@self'}),))],
    'donetask': [Make('tasks.task.add', {'fields': TASK}, WORK + (('tasks.task.complete', {'taskId': '@self'}),))],
    'showntask': [Make('tasks.task.add', {'fields': TASK | {'CREATED_BY': '@user'}},
                       WORK + (('tasks.task.complete', {'taskId': '@self'}),))],
    'plannedtask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'START_DATE_PLAN': DAY, 'END_DATE_PLAN': DAY.replace('T10', 'T12')}})],
    'grouptask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'GROUP_ID': '@workgroup'}})],
    'scrumtask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'GROUP_ID': '@scrumgroup'}},
                       (('tasks.api.scrum.task.update', {'id': '@self', 'fields': {'epicId': '@tasks.api.scrum.epic', 'storyPoints': '2', 'entityId': '@tasks.api.scrum.sprint'}}),))],
    # A scrum has one active sprint.
    'boardgroup': [Make('sonet_group.create', {'NAME': 'Replay {n}'} | SCRUM)],
    'activesprint': [Make('tasks.api.scrum.sprint.add', {'fields': {'groupId': '@boardgroup'} | SPRINT}, (('tasks.api.scrum.sprint.start', {'id': '@self'}),))],
    'boardtask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'GROUP_ID': '@boardgroup'}},
                       (('tasks.api.scrum.task.update', {'id': '@self', 'fields': {'entityId': '@activesprint'}}),))],
    'endinggroup': [Make('sonet_group.create', {'NAME': 'Replay {n}'} | SCRUM)],
    'startedsprint': [Make('tasks.api.scrum.sprint.add', {'fields': {'groupId': '@endinggroup'} | SPRINT}, (('tasks.api.scrum.sprint.start', {'id': '@self'}),))],
    'readygroup': [Find('tasks.api.scrum.sprint.get', {'id': '@startedsprint'}, 'result.groupId')],
    'membergroup': [Make('sonet_group.create', {'NAME': 'Replay {n}', 'VISIBLE': 'Y', 'OPENED': 'Y', 'INITIATE_PERMS': 'K'},
                         (('sonet_group.user.add', {'GROUP_ID': '@self', 'USER_ID': ['@user', '@user#1']}),))],
    'tasks.template': [Make('tasks.template.add', {'fields': {
        'TITLE': 'Replay {n}', 'DESCRIPTION': 'replay', 'PARENT_ID': '@parenttask', 'RESPONSIBLE_ID': '@owner', 'CREATED_BY': '@owner', 'REPLICATE': 'Y', 'START_DATE_PLAN_AFTER': 32400,
        'END_DATE_PLAN_AFTER': 97200, 'UF_CRM_TASK': ['D_{@deal}'], 'UF_TASK_WEBDAV_FILES': ['n{@file}'], 'REPLICATE_PARAMS': {
            'PERIOD': 'weekly', 'EVERY_WEEK': 1, 'WEEK_DAYS': [2], 'TIME': '11:00', 'REPEAT_TILL': 'endless', 'START_DATE': '2026-03-16T00:00:00+00:00'}}})],
    'tasks.template.checklist': [Make('tasks.template.checklist.add', {'templateId': '@tasks.template', 'fields': {'TITLE': 'Replay {n}', 'PARENT_ID': 0, 'MEMBERS': {'1': {'TYPE': 'A'}}}},
                                      (('tasks.template.checklist.addAttachmentsFromDisk', {'templateId': '@tasks.template', 'checkListItemId': '@self', 'filesIds': ['n{@file}']}),))],
    'tasks.flow.flow': [Make('tasks.flow.Flow.create', {'flowData': {
        'name': 'Replay {n}', 'plannedCompletionTime': 7200, 'distributionType': 'manually', 'responsibleList': [['user', '@owner']], 'notifyOnQueueOverflow': 10, 'notifyOnTasksInProgressOverflow': 50,
        'taskCreators': [['meta-user', 'all-users']]}})],
    'workgroup': [Make('sonet_group.create', {'NAME': 'Replay {n}', 'DESCRIPTION': 'replay', 'VISIBLE': 'Y', 'OPENED': 'Y', 'INITIATE_PERMS': 'K'})],
    'scrumgroup': [Make('sonet_group.create', {'NAME': 'Replay {n}', 'VISIBLE': 'Y', 'OPENED': 'Y', 'INITIATE_PERMS': 'K', 'PROJECT': 'Y',
                                               'SCRUM_MASTER_ID': '@owner', 'SCRUM_SPRINT_DURATION': 604800})],
    'tasks.api.scrum.backlog': [Make('tasks.api.scrum.backlog.add', {'fields': {'groupId': '@scrumgroup', 'createdBy': '@owner'}})],
    'tasks.api.scrum.epic': [Make('tasks.api.scrum.epic.add', {'fields': {'name': 'Replay {n}', 'groupId': '@scrumgroup', 'description': 'replay'}})],
    'tasks.api.scrum.sprint': [Make('tasks.api.scrum.sprint.add', {'fields': {'groupId': '@scrumgroup', 'name': 'Replay {n}', 'createdBy': '@owner',
                                                                            'dateStart': DAY, 'dateEnd': DAY}})],
    'tasks.api.scrum.kanban': [Make('tasks.api.scrum.kanban.addStage', {'fields': {'sprintId': '@tasks.api.scrum.sprint', 'name': 'Replay {n}'}})],
    # disk
    'storage': [Find('disk.storage.getlist', {}, 'result.0.ID')],
    'folder': [Make('disk.storage.addfolder', {'id': '@storage', 'data': {'NAME': 'Replay {n}'}}, (
        ('disk.folder.addsubfolder', {'id': '@self', 'data': {'NAME': 'Below'}}),
        ('disk.folder.uploadfile', {'id': '@self', 'data': {'NAME': 'replay.png'}, 'fileContent': ['replay.png', PNG]})))],
    'file': [Make('disk.storage.uploadfile', {'id': '@storage', 'data': {'NAME': 'replay{n}.png'}, 'fileContent': ['replay.png', PNG]})],
    'trashed': [Make('disk.storage.addfolder', {'id': '@storage', 'data': {'NAME': 'Replay {n}'}}, (('disk.folder.markdeleted', {'id': '@self'}),))],
    'attachedtask': [Make('tasks.task.add', {'fields': {'TITLE': 'Replay {n}', 'RESPONSIBLE_ID': '@owner', 'UF_TASK_WEBDAV_FILES': ['n{@file}']}})],
    'disk.attachedobject': [Find('tasks.task.get', {'taskId': '@attachedtask', 'select': ['ID', 'UF_TASK_WEBDAV_FILES']}, 'result.task.ufTaskWebdavFiles.0')],
    'disk.version': [Find('disk.file.getVersions', {'id': '@file'}, 'result.0.ID')],
    # lists and calendar
    'list': [Make('lists.add', {'IBLOCK_TYPE_ID': 'lists', 'IBLOCK_CODE': 'replay{n}', 'FIELDS': {'NAME': 'Replay {n}'}})],
    'listfield': [Make('lists.field.add', {'IBLOCK_TYPE_ID': 'lists', 'IBLOCK_ID': '@list', 'FIELDS': {
        'NAME': 'Replay {n}', 'TYPE': 'L', 'CODE': 'REPLAY{n}', 'SORT': 50, 'LIST': {'0': {'VALUE': 'Planning', 'SORT': 10}, '1': {'VALUE': 'Testing', 'SORT': 20}}}})],
    'grouplist': [Make('lists.add', {'IBLOCK_TYPE_ID': 'lists_socnet', 'IBLOCK_CODE': 'replay{n}', 'SOCNET_GROUP_ID': '@workgroup', 'FIELDS': {'NAME': 'Replay {n}'}})],
    'lists.element': [Make('lists.element.add', {'IBLOCK_TYPE_ID': 'lists', 'IBLOCK_ID': '@list', 'ELEMENT_CODE': 'replay{n}', 'FIELDS': {'NAME': 'Replay'}})],
    'lists.section': [Make('lists.section.add', {'IBLOCK_TYPE_ID': 'lists', 'IBLOCK_ID': '@list', 'SECTION_CODE': 'replay{n}', 'FIELDS': {'NAME': 'Replay', 'XML_ID': 'replay{n}', 'EXTERNAL_ID': 'replay{n}'}})],
    'calendar.section': [Make('calendar.section.add', {'type': 'user', 'ownerId': '@owner', 'name': 'Replay {n}', 'color': '#9cbeee'})],
    'calendar.event': [Make('calendar.event.add', {'type': 'user', 'ownerId': '@owner', 'section': '@calendar.section', 'name': 'Replay {n}',
                                                   'from': '2026-03-02T10:00:00', 'to': '2026-03-02T11:00:00', 'is_meeting': 'Y', 'attendees': ['@owner', '@user'], 'location': 'Berlin',
                                                   'remind': [{'type': 'min', 'count': 20}], 'meeting': {'notify': True}, 'description': 'replay', 'rrule': {'FREQ': 'WEEKLY', 'BYDAY': 'MO,WE', 'INTERVAL': 1, 'UNTIL': '2026-05-02'}, 'crm_fields': ['CO_1', 'L_5']})],
    'singleevent': [Make('calendar.event.add', {'type': 'user', 'ownerId': '@owner', 'section': '@calendar.section', 'name': 'Replay {n}',
                                               'from': '2026-03-02', 'to': '2026-03-02', 'skipTime': 'Y'})],
    'calendar.resource': [Make('calendar.resource.add', {'name': 'Replay {n}'})],
    # catalogue and shop
    'catalog': [Find('catalog.catalog.list', {'filter': {'productIblockId': None}}, 'result.catalogs.0.iblockId'),
                Find('catalog.catalog.list', {}, 'result.catalogs.0.iblockId')],
    'offers': [Find('catalog.catalog.list', {'filter': {'!productIblockId': 0}}, 'result.catalogs.1.iblockId')],
    'offersection': [Make('catalog.section.add', {'fields': {'iblockId': '@offers', 'name': 'Replay {n}'}})],
    'catalog.section': [Make('catalog.section.add', {'fields': {
        'iblockId': '@catalog', 'name': 'Replay {n}', 'code': 'replay{n}', 'xmlId': '{n}', 'description': 'replay'}})],
    'product': [Make('catalog.product.add', {'fields': GOODS | {'iblockId': '@catalog', 'iblockSectionId': '@catalog.section'}})],
    'catalog.product.service': [Make('catalog.product.service.add', {'fields': SERVICE | {'iblockId': '@catalog', 'iblockSectionId': '@catalog.section'}})],
    'catalog.product.sku': [Make('catalog.product.sku.add', {'fields': GOODS | {'iblockId': '@catalog', 'iblockSectionId': '@catalog.section'}})],
    'catalog.pricetype': [Make('catalog.priceType.add', {'fields': {'name': 'replay{n}', 'base': 'N', 'sort': 500, 'xmlId': 'r{n}'}})],
    'catalog.store': [Make('catalog.store.add', {'fields': {
        'title': 'Replay {n}', 'address': '1 Main Street', 'active': 'Y', 'code': 'replay{n}', 'description': 'replay', 'email': 'a@example.com', 'gpsN': 52.5, 'gpsS': 13.4,
        'phone': '+4930{n}', 'schedule': 'Mon-Fri', 'imageId': {'fileData': ['store.png', PNG]}}})],
    'catalog.ratio': [Find('catalog.ratio.list', {}, 'result.ratios.0.id')],
    'catalog.extra': [Find('catalog.extra.list', {}, 'result.extras.0.id')],
    'catalog.storeproduct': [Find('catalog.storeproduct.list', {}, 'result.storeProducts.0.id')],
    'sale.persontype': [Make('sale.persontype.add', {'fields': {'name': 'Replay {n}', 'code': 'REPLAY{n}', 'sort': 500, 'active': 'Y'}})],
    'sale.order': [Make('sale.order.add', {'fields': {'lid': 's1', 'personTypeId': '@sale.persontype', 'currency': 'EUR', 'price': 100.5}})],
    'sale.basketitem': [Make('sale.basketitem.add', {'fields': {'orderId': '@sale.order', 'name': 'Replay {n}', 'price': 10, 'quantity': 10, 'currency': 'EUR', 'measureCode': '796', 'measureName': 'pcs', 'weight': 5,
                                                               'productId': 0}})],
    'sale.propertygroup': [Make('sale.propertygroup.add', {'fields': {'personTypeId': '@sale.persontype', 'name': 'Replay {n}', 'sort': 500}})],
    'sale.property': [Make('sale.property.add', {'fields': {'personTypeId': '@sale.persontype', 'propsGroupId': '@sale.propertygroup', 'name': 'Replay {n}',
                                                           'type': Hint('type', 'STRING'), 'code': 'REPLAY{n}'}})],
    # chats
    'chatmember': [Find('user.get', {'ID': '@user'}, 'result.0.ID')],
    'entitychat': [Make('im.chat.add', {'ENTITY_TYPE': 'CRM', 'ENTITY_ID': 'DEAL|1663', 'TITLE': 'Replay {n}', 'USERS': ['@user'], 'TYPE': 'CHAT'})],
    'botentitychat': [Make('imbot.chat.add', {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay', 'TITLE': 'Replay {n}', 'USERS': ['@owner'], 'ENTITY_TYPE': 'CHAT', 'ENTITY_ID': '13'})],
    'chatfile': [Make('im.disk.file.commit', {'CHAT_ID': '@chat', 'DISK_ID': '@file#1'})],
    'v2usermessage': [Make('im.message.add', {'DIALOG_ID': 'chat{@v2chat}', 'MESSAGE': 'Replay {n}'})],
    'taskcommand': [Make('imbot.command.register', {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay', 'COMMAND': 'task', 'LANG': [{'LANGUAGE_ID': 'en', 'TITLE': 'Replay'}], 'EVENT_COMMAND_ADD': 'https://example.com/'})],
    'linemessage': [Make('im.message.add', {'DIALOG_ID': 'chat{@linechat}', 'MESSAGE': 'Replay {n}'})],
    'linebot': [Make('imbot.register', {'CODE': 'replay{n}', 'TYPE': 'O', 'EVENT_HANDLER': 'https://example.com/', 'CLIENT_ID': 'replay', 'PROPERTIES': {'NAME': 'Replay {n}'}})],
    'botconfig': [Make('imopenlines.config.add', {'PARAMS': {'LINE_NAME': 'Replay {n}', 'QUEUE': ['@owner'], 'CRM_CREATE': 'none', 'WELCOME_BOT_ENABLE': 'Y', 'WELCOME_BOT_ID': '@linebot', 'WELCOME_BOT_JOIN': 'always'}})],
    'botline': [Make('imopenlines.session.open', {'USER_CODE': 'livechat|{@botconfig}|1|{n}'})],
    'knownchat': [Make('imopenlines.session.open', {'USER_CODE': 'livechat|{@imopenlines.config}|1|x'}, (('imopenlines.operator.answer', {'CHAT_ID': '@self'}),))],
    'chat': [Make('im.chat.add', {'TITLE': 'Replay {n}', 'USERS': ['@user'], 'TYPE': 'CHAT'})],
    'message': [Make('im.message.add', {'DIALOG_ID': 'chat{@chat}', 'MESSAGE': 'Replay {n} test'})],
    'notification': [Make('im.notify.personal.add', {'USER_ID': '@owner', 'MESSAGE': 'Replay {n}', 'TAG': 'REPLAY', 'SUB_TAG': 'REPLAY'})],
    'imbot': [Make('imbot.register', {'CODE': 'replay{n}', 'TYPE': 'B', 'EVENT_HANDLER': 'https://example.com/', 'CLIENT_ID': 'replay',
                                      'PROPERTIES': {'NAME': 'Replay {n}'}})],
    'imbot.v2.bot': [Make('imbot.v2.Bot.register', {'fields': {'code': 'replay{n}', 'properties': {'name': 'Replay {n}'}, 'botToken': 'my_bot_token'}})],
    'v2chat': [Make('imbot.v2.Chat.add', {'botId': '@imbot.v2.bot', 'botToken': 'my_bot_token', 'fields': {'title': 'Replay {n}', 'userIds': ['@user', '@owner']}})],
    'v2message': [Make('imbot.v2.Chat.Message.send', {'botId': '@imbot.v2.bot', 'botToken': 'my_bot_token', 'dialogId': 'chat{@v2chat}', 'fields': {'message': 'Replay {n}'}})],
    'imbot.v2.command': [Make('imbot.v2.Command.register', {'botId': '@imbot.v2.bot', 'botToken': 'my_bot_token', 'fields': {'command': 'replay{n}', 'title': {'en': 'Replay'}}})],
    'botchat': [Make('imbot.chat.add', {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay', 'TITLE': 'Replay {n}', 'USERS': ['@user', '@owner'], 'TYPE': 'CHAT'})],
    'botmessage': [Make('imbot.message.add', {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay', 'DIALOG_ID': 'chat{@botchat}', 'MESSAGE': 'Replay {n}'})],
    'imbot.command': [Make('imbot.command.register', {'BOT_ID': '@imbot', 'CLIENT_ID': 'replay', 'COMMAND': 'replay{n}', 'LANG': [{'LANGUAGE_ID': 'en', 'TITLE': 'Replay'}], 'EVENT_COMMAND_ADD': 'https://example.com/'})],
    'linechat': [Make('imopenlines.session.open', {'USER_CODE': 'livechat|{@imopenlines.config}|1|{n}'}, (
        ('imopenlines.operator.answer', {'CHAT_ID': '@self'}), ('im.message.add', {'DIALOG_ID': 'chat{@@}', 'MESSAGE': 'Replay {n}'}), ('im.disk.file.commit', {'CHAT_ID': '@self', 'DISK_ID': '@file#2'})))],
    'linecrm': [Make('imopenlines.session.open', {'USER_CODE': 'livechat|{@imopenlines.config}|1|{n}'}, (('imopenlines.operator.answer', {'CHAT_ID': '@self'}), ('imopenlines.crm.lead.create', {'CHAT_ID': '@self'}),))],
    'linesession': [Find('imopenlines.session.history.get', {'CHAT_ID': '@linechat'}, 'result.sessionId')],
    'linelead': [Find('crm.lead.list', {'order': {'ID': 'DESC'}, 'filter': {'>ID': 0, '!@ID': ['{@linecrm}00000']}}, 'result.0.ID')],
    'imopenlines.config': [Make('imopenlines.config.add', {'PARAMS': {'LINE_NAME': 'Replay {n}', 'QUEUE': ['@owner', '@user'], 'CRM_CREATE': 'none'}})],
    'landing.site': [Make('landing.site.add', {'fields': {'TITLE': 'Replay {n}', 'CODE': 'replay{n}', 'TYPE': 'PAGE'}})],
    'sale.delivery.handler': [Make('sale.delivery.handler.add', {'CODE': 'replay{n}', 'NAME': 'Replay', 'DESCRIPTION': 'Replay', 'SETTINGS': {
        'CALCULATE_URL': 'https://example.com/', 'HAS_CALLBACK_TRACKING_SUPPORT': 'Y', 'CREATE_DELIVERY_REQUEST_URL': 'https://example.com/',
        'CANCEL_DELIVERY_REQUEST_URL': 'https://example.com/', 'CONFIG': [{'TYPE': 'STRING', 'CODE': 'S1', 'NAME': 'String'}]},
        'PROFILES': [{'NAME': 'Taxi', 'DESCRIPTION': 'Taxi', 'CODE': 'TAXI'}]}), Find('sale.delivery.handler.list', {}, 'result.0.ID')],
    'sale.delivery': [Make('sale.delivery.add', {'REST_CODE': 'replayd', 'NAME': 'Replay {n}', 'CURRENCY': 'EUR', 'CONFIG': [{'CODE': 'S1', 'VALUE': 'x'}]})],
    'sale.delivery.extra.service': [Make('sale.delivery.extra.service.add', {'DELIVERY_ID': '@sale.delivery', 'TYPE': 'checkbox', 'NAME': 'Replay {n}', 'PRICE': 5})],
    'sale.paymentitembasket': [Make('sale.paymentitembasket.add', {'fields': {'quantity': 1, 'basketId': '@sale.basketitem', 'paymentId': '@+barepayment'}})],
    'sale.paymentitemshipment': [Make('sale.paymentItemShipment.add', {'fields': {'shipmentId': '@sale.shipment', 'paymentId': '@+barepayment', 'xmlId': 'r{n}'}})],
    'barepayment': [Make('sale.payment.add', {'fields': {'orderId': '@sale.order', 'paySystemId': '@keptpaysystem', 'sum': 10, 'currency': 'EUR'}})],
    'requestdelivery': [Make('sale.delivery.add', {'REST_CODE': 'replayd', 'NAME': 'Replay {n}', 'CURRENCY': 'EUR', 'CONFIG': [{'CODE': 'S1', 'VALUE': 'x'}]}, (
        ('sale.shipment.add', {'fields': {'orderId': '@sale.order', 'allowDelivery': 'N', 'deducted': 'N', 'deliveryId': '@self',
                                          'trackingNumber': '4757aca4931a4f029f49c0db4374d13d'}}),))],
    'bareshipment': [Make('sale.shipment.add', {'fields': {'orderId': '@sale.order', 'allowDelivery': 'N', 'deducted': 'N', 'deliveryId': 1}})],
    'sale.shipmentitem': [Make('sale.shipmentitem.add', {'fields': {'orderDeliveryId': '@+bareshipment', 'basketId': '@+sale.basketitem', 'quantity': 1}})],
    'sale.paysystem': [Make('sale.paysystem.add', {'NAME': 'Replay {n}', 'PERSON_TYPE_ID': '@sale.persontype', 'BX_REST_HANDLER': 'replayp', 'ENTITY_REGISTRY_TYPE': 'ORDER', 'SETTINGS': {
        code: {'TYPE': 'VALUE', 'VALUE': 'snum'} for code in ('REST_SERVICE_ID_IFRAME', 'REST_SERVICE_KEY_IFRAME', 'PS_WORK_MODE_IFRAME')}})],
    'keptpaysystem': [Make('sale.paysystem.add', {'NAME': 'Replay {n}', 'PERSON_TYPE_ID': '@sale.persontype', 'BX_REST_HANDLER': 'replayp', 'ENTITY_REGISTRY_TYPE': 'ORDER', 'SETTINGS': {
        code: {'TYPE': 'VALUE', 'VALUE': 'snum'} for code in ('REST_SERVICE_ID_IFRAME', 'REST_SERVICE_KEY_IFRAME', 'PS_WORK_MODE_IFRAME')}})],
    'sale.cashbox': [Make('sale.cashbox.add', {'NAME': 'Replay {n}', 'REST_CODE': 'replayc', 'EMAIL': 'a@example.com', 'ACTIVE': 'Y', 'SETTINGS': {}})],
    'sipreg': [Find('voximplant.sip.get', {}, 'result.0.REG_ID')],
    'landing.template': [Find('landing.template.getlist', {}, 'result.0.ID')],
    'sale.status': [Make('sale.status.add', {'fields': {'id': '{nn}', 'type': 'O', 'sort': 500}})],
    'sale.shipment': [Make('sale.shipment.add', {'fields': {'orderId': '@sale.order', 'allowDelivery': 'N', 'deducted': 'N', 'deliveryId': 1}})],
    'telephony.externalcall': [Make('telephony.externalCall.register', {'USER_ID': '@owner', 'PHONE_NUMBER': SHARED_PHONE, 'TYPE': 1, 'CRM_CREATE': 1, 'CRM_ENTITY_TYPE': 'CONTACT', 'CRM_ENTITY_ID': '@contact'})],
    'finishedcall': [Make('telephony.externalCall.register', {'USER_ID': '@owner', 'PHONE_NUMBER': SHARED_PHONE, 'TYPE': 1, 'CRM_ENTITY_TYPE': 'CONTACT', 'CRM_ENTITY_ID': '@contact'}, (
        ('telephony.externalCall.finish', {'CALL_ID': '@self', 'USER_ID': '@owner', 'DURATION': 5, 'STATUS_CODE': '200', 'VOTE': 5, 'ADD_TO_CHAT': 1}),
        ('telephony.externalCall.attachRecord', {'CALL_ID': '@self', 'FILENAME': 'a.mp3', 'FILE_CONTENT': 'SUQzBAAAAAAAAA=='}),
        ('telephony.call.attachTranscription', {'CALL_ID': '@self', 'COST': 1, 'COST_CURRENCY': 'EUR', 'MESSAGES': [{'SIDE': 'User', 'START_TIME': 1, 'STOP_TIME': 3, 'MESSAGE': 'Hello'}]})))],

    'sale.paysystem.handler': [Make('sale.paysystem.handler.add', {'NAME': 'Replay', 'CODE': 'replay{n}', 'SETTINGS': {'CURRENCY': ['EUR'], 'FORM_DATA': {'ACTION_URI': 'https://example.com/', 'METHOD': 'POST', 'PARAMS': {}}, 'CODES': {'KEY': {'NAME': 'Key', 'SORT': 100}}}})],
    'blogpost': [Make('log.blogpost.add', {'POST_MESSAGE': 'Replay {n}', 'DEST': ['UA']})],
    'sip': [Make('voximplant.sip.add', {'TITLE': 'Replay {n}', 'SERVER': 'sip.example.com', 'LOGIN': 'replay', 'PASSWORD': 'replay', 'AUTH_USER': 'replay', 'OUTBOUND_PROXY': 'proxy.example.com'})],
    'landing.landing': [Make('landing.landing.add', {'fields': {'TITLE': 'Replay {n}', 'CODE': 'replay{n}', 'SITE_ID': '@landing.site'}})],
    'landing.block': [Make('landing.landing.addblock', {'lid': '@landing.landing', 'fields': {'CODE': '04.1.one_col_fix_with_title', 'ACTIVE': 'Y'}})],
    'thesite': [Find('landing.site.getList', {'params': {'filter': {'ID': '@landing.site'}}}, 'result.0.ID')],
    'knowledge': [Make('landing.site.add', {'fields': {'TITLE': 'Replay {n}', 'CODE': 'replay{n}', 'TYPE': 'KNOWLEDGE'}, 'scope': 'KNOWLEDGE'})],
    'boundknowledge': [Make('landing.site.add', {'fields': {'TITLE': 'Replay {n}', 'CODE': 'replay{n}', 'TYPE': 'KNOWLEDGE'}, 'scope': 'KNOWLEDGE'},
                            (('landing.site.bindingToMenu', {'id': '@self', 'menuCode': 'crm_switcher:deal'}),))],
    'cardblock': [Make('landing.landing.addblock', {'lid': '@landing.landing', 'fields': {'CODE': '02.three_cols_big_1', 'ACTIVE': 'Y'}})],
    'textblock': [Make('landing.landing.addblock', {'lid': '@landing.landing', 'fields': {'CODE': '31.3.two_cols_text_img_fix', 'ACTIVE': 'Y'}})],
    'lowblock': [Make('landing.landing.addblock', {'lid': '@landing.landing', 'fields': {'CODE': '04.1.one_col_fix_with_title', 'ACTIVE': 'Y', 'AFTER_ID': '@landing.block'}})],
    'favorite': [Make('landing.landing.favoriteBlock', {'lid': '@landing.landing', 'block': '@landing.block', 'meta': {'name': 'Replay {n}'}})],
    'landing.folder': [Make('landing.site.addFolder', {'siteId': '@landing.site', 'fields': {'TITLE': 'Replay {n}', 'CODE': 'replay{n}'}})],
    'landing.role': [Find('landing.role.getList', {}, 'result.0.ID')],
    'note.document': [Make('note.document.add', {'fields': {'collectionId': '@note.collection', 'title': 'Replay {n}', 'markdown': 'A recipe of borscht'}}, (), 'v3')],
    'notechild': [Make('note.document.add', {'fields': {'collectionId': '@note.collection', 'parentId': '@note.document', 'title': 'Replay {n}', 'markdown': 'replay'}}, (), 'v3')],
    'note.file': [Make('note.file.add', {'documentId': '@note.document', 'fileName': 'replay.png', 'fileContent': PNG}, (), 'v3')],
    'timereport': [Find('timeman.timecontrol.reports.get', {'USER_ID': '@owner', 'MONTH': TODAY[1], 'YEAR': TODAY[0]}, 'result.report.days.0.reports.0.id')],
    'mail.mailbox': [Find('mail.mailbox.list', {}, 'result.items.0.id', 'v3')],
    'mail.message': [Make('mail.message.send', {'from': 'admin@localhost', 'to': ['admin@localhost'], 'cc': ['clara{n}@example.com'], 'subject': 'Replay {n}', 'body': 'Two desks'}, (), 'v3'),
                     Find('mail.message.list', {'mailboxId': '@mail.mailbox'}, 'result.items.0.id', 'v3')],
    'main.eventlog': [Find('main.eventlog.list', {}, 'result.items.0.id', 'v3')],
    'userconsent.agreement': [Find('userconsent.agreement.list', {}, 'result.0.ID')],
    'bizproc.task': [Find('bizproc.task.list', {'order': {'ID': 'DESC'}, 'filter': {'STATUS': 0}}, 'result.0.ID')],
    'rpa.type': [Make('rpa.type.add', {'fields': {'title': 'Replay {n}'}}, (('rpa.stage.add', {'fields': {'name': 'New', 'typeId': '@self', 'sort': 100}}),
        ('rpa.stage.add', {'fields': {'name': 'Next', 'typeId': '@self', 'sort': 200}})))],
    'rpa.stage': [Make('rpa.stage.add', {'fields': {'name': 'Replay {n}', 'typeId': '@rpa.type', 'sort': 5000}})],
    'rpa.item': [Make('rpa.item.add', {'typeId': '@rpa.type', 'fields': {}})],
    'rpa.comment': [Make('rpa.comment.add', {'typeId': '@rpa.type', 'itemId': '@rpa.item', 'fields': {'description': 'Replay {n}'}})],
    'rpa.timeline': [Make('rpa.timeline.add', {'typeId': '@rpa.type', 'itemId': '@rpa.item', 'fields': {'title': 'Replay {n}', 'description': 'Replay'}})],
    'nextstage': [Find('rpa.stage.listForType', {'typeId': '@rpa.type'}, 'result.stages.1.id')],
    'rpatask': [Find('rpa.item.getTasks', {'typeId': '@rpa.type', 'id': '@rpa.item'}, 'result.tasks.0.id')],
    'firststage': [Find('rpa.stage.listForType', {'typeId': '@rpa.type'}, 'result.stages.0.id')],
    'bizproc.template': [Make('bizproc.recorder.template.add', {'fields': {'name': 'Replay {n}', 'moduleId': 'crm', 'entity': 'CCrmDocumentDeal', 'documentType': 'DEAL', 'ends': 'N',
        'taskName': 'Replay', 'taskUsers': [1], 'taskActivity': 'RequestInformationActivity', 'taskComment': 'Y', 'taskFields': {'count': {'Name': 'How many', 'Type': 'int'}}}})],
    'opentask': [Find('bizproc.task.list', {'order': {'ID': 'DESC'}, 'filter': {'STATUS': 0}}, 'result.{i}.ID')],
    'bizproc.workflow': [Make('bizproc.workflow.start', {'TEMPLATE_ID': '@bizproc.template', 'DOCUMENT_ID': ['crm', 'CCrmDocumentDeal', 'DEAL_{@deal}']})],
    'workflowtoken': [Find('bizproc.recorder.instance.list', {'order': {'id': 'DESC'}}, 'result.instances.0.eventToken')],
    'sale.propertyvalue': [Find('sale.propertyvalue.list', {}, 'result.propertyValues.0.id')],
    'sale.shipmentpropertyvalue': [Find('sale.shipmentpropertyvalue.list', {}, 'result.propertyValues.0.id')],
    'catalog.product.offer': [Make('catalog.product.offer.add', {'fields': GOODS | {'iblockId': '@offers', 'parentId': '@catalog.product.sku'}})],
    'catalog.measure': [Make('catalog.measure.add', {'fields': {'code': '{n}', 'measureTitle': 'Replay {n}', 'symbol': 'r'}})],
    'catalog.price': [Make('catalog.price.add', {'fields': {'catalogGroupId': 1, 'currency': 'EUR', 'price': 10, 'productId': '@+freshproduct'}})],
    'freshproduct': [Make('catalog.product.add', {'fields': {'iblockId': '@catalog', 'name': 'Replay {n}', 'active': 'Y'}})],
    'catalog.document': [Make('catalog.document.add', {'fields': {'docType': 'S', 'currency': 'EUR', 'responsibleId': '@owner', 'title': 'Replay {n}'}}, (ARRIVAL,))],
    'conducted': [Make('catalog.document.add', {'fields': {'docType': 'S', 'currency': 'EUR', 'responsibleId': '@owner', 'title': 'Replay {n}'}},
        (ARRIVAL, ('catalog.document.conduct', {'id': '@self'})))],
    'arrival': [Make('catalog.document.add', {'fields': {'docType': 'A', 'currency': 'EUR', 'responsibleId': '@owner', 'title': 'Replay {n}'}})],
    'catalog.document.element': [Make('catalog.document.element.add', {'fields': {'docId': '@catalog.document', 'storeTo': '@catalog.store', 'elementId': '@product',
        'amount': 2, 'purchasingPrice': 3}})],
    'catalog.documentcontractor': [Make('catalog.documentcontractor.add', {'fields': {'documentId': '@+arrival', 'entityTypeId': 3, 'entityId': '@contact'}})],
    'freshproperty': [Make('catalog.productProperty.add', {'fields': {'iblockId': '@catalog', 'name': 'Replay {n}', 'propertyType': 'S'}})],
    'freshpricetype': [Make('catalog.priceType.add', {'fields': {'name': 'replay{n}', 'base': 'N', 'sort': 500}})],
    'catalog.pricetypelang': [Make('catalog.priceTypeLang.add', {'fields': {'catalogGroupId': '@+freshpricetype', 'lang': 'en', 'name': 'Replay'}})],
    'catalog.pricetypegroup': [Make('catalog.priceTypeGroup.add', {'fields': {'catalogGroupId': '@+freshpricetype', 'groupId': 23, 'access': 'Y'}})],
    'catalog.productimage': [Make('catalog.productImage.add', {'fields': {'productId': '@product', 'type': 'MORE_PHOTO'}, 'fileContent': ['r.png', PNG]})],
    'catalog.productpropertyenum': [Make('catalog.productPropertyEnum.add', {'fields': {'propertyId': '@catalog.productproperty', 'value': 'Replay {n}', 'xmlId': 'r{n}'}})],
    'catalog.productpropertyfeature': [Make('catalog.productPropertyFeature.add', {'fields': {
        'propertyId': '@+freshproperty', 'moduleId': 'iblock', 'featureId': 'LIST_PAGE_SHOW', 'isEnabled': 'Y'}})],
    'crm.documentgenerator.template': [Make('crm.documentgenerator.template.add', {'fields': {'name': 'Replay {n}', 'numeratorId': '@documentgenerator.numerator', 'region': 'de', 'users': ['UA'], 'entityTypeId': ['2','2_category_0'], 'file': ['r.docx', COMPANY_DOCX]}})],
    'documentgenerator.template': [Make('documentgenerator.template.add', {'fields': {'name': 'Replay {n}', 'numeratorId': '@documentgenerator.numerator', 'region': 'de', 'users': ['UA'], 'file': ['r.docx', TEXTS_DOCX]}})],
    'todo': [Make('crm.activity.todo.add', {'ownerTypeId': 2, 'ownerId': '@deal', 'deadline': DAY, 'title': 'Replay {n}', 'responsibleId': '@owner'})],
    'crm.timeline.icon': [Make('crm.timeline.icon.add', {'code': 'info', 'fileContent': PNG24})],
    'crm.duplicate.volatiletype': [Make('crm.duplicate.volatileType.register', {'entityTypeId': 1, 'fieldCode': 'TITLE'})],
    'crm.item.payment': [Make('crm.item.payment.add', {'entityTypeId': 2, 'entityId': '@deal'})],
    'catalog.productproperty': [Make('catalog.productProperty.add', {'fields': {'iblockId': '@catalog', 'name': 'Replay {n}', 'propertyType': 'L'}})],
    'crm.invoice.status': [Make('crm.invoice.status.add', {'fields': {'NAME': 'Replay {n}', 'STATUS_ID': '{nn}'}})],
    'crm.product.property': [Make('crm.product.property.add', {'fields': {'ACTIVE': 'Y', 'IBLOCK_ID': '@crm.catalog', 'NAME': 'Replay {n}', 'SORT': 500, 'PROPERTY_TYPE': 'S'}})],
    'crm.item.payment.product': [Make('crm.item.payment.product.add', {'paymentId': '@crm.item.payment', 'rowId': '@+productrow', 'quantity': 1})],
    'paidpayment': [Make('crm.item.payment.add', {'entityTypeId': 2, 'entityId': '@deal'})],
    'dealorder': [Find('crm.orderentity.list', {'filter': {'ownerId': '@deal', 'ownerTypeId': 2}}, 'result.orderEntity.0.orderId')],
    'dealdelivery': [Make('sale.shipment.add', {'fields': {'orderId': '@dealorder', 'allowDelivery': 'N', 'deducted': 'N', 'deliveryId': 2}})],
    'crm.item.payment.delivery': [Make('crm.item.payment.delivery.add', {'paymentId': '@crm.item.payment', 'deliveryId': '@+dealdelivery'})],
    'crm.currency': [Make('crm.currency.add', {'fields': {'CURRENCY': 'Q{nn}', 'AMOUNT_CNT': 1, 'AMOUNT': 2.5}})],
    'leadcomment': [Make('crm.timeline.comment.add', {'fields': {'ENTITY_ID': '@lead', 'ENTITY_TYPE': 'lead', 'COMMENT': 'Replay {n}'}})],
    'emptytype': [Find('crm.type.list', {'filter': {'title': 'Replay empty'}}, 'result.types.0.id')],
    'docxfile': [Make('disk.storage.uploadfile', {'id': '@storage', 'data': {'NAME': 'replay{n}.docx'}, 'fileContent': ['replay.docx', DOCX]})],
    'productfile': [Find('catalog.product.get', {'id': '@product'}, 'result.product.detailPicture.id')],
    'offerfile': [Find('catalog.product.offer.get', {'id': '@catalog.product.offer'}, 'result.offer.detailPicture.id')],
    'skufile': [Find('catalog.product.sku.get', {'id': '@catalog.product.sku'}, 'result.sku.detailPicture.id')],
    'servicefile': [Find('catalog.product.service.get', {'id': '@catalog.product.service'}, 'result.service.detailPicture.id')],
    'catalog.vat': [Make('catalog.vat.add', {'fields': {'name': 'Replay {n}', 'rate': 13, 'sort': 100}})],
}
for _entity in ('lead', 'deal', 'contact', 'company', 'quote', 'invoice', 'requisite'):
    NOUNS[f'crm.{_entity}.userfield'] = [Make(f'crm.{_entity}.userfield.add', {'fields': USERFIELD | {'FIELD_NAME': 'REPLAY{n}'}})]

_QUESTION = [{'QUESTION': 'Q', 'FIELD_TYPE': 1, 'ANSWERS': [{'MESSAGE': 'a'}, {'MESSAGE': 'b'}, {'MESSAGE': 'c'}]}]
# What is called before the first sample: (method, body). The portal then stands as the documentation takes it to.
SETUP = [
    ('sale.delivery.handler.add', {'CODE': 'replayd', 'NAME': 'Replay', 'SETTINGS': {
        'CALCULATE_URL': 'https://example.com/', 'HAS_CALLBACK_TRACKING_SUPPORT': 'Y', 'CREATE_DELIVERY_REQUEST_URL': 'https://example.com/',
        'CONFIG': [{'TYPE': 'STRING', 'CODE': 'S1', 'NAME': 'String'}]}, 'PROFILES': [{'NAME': 'Taxi', 'CODE': 'TAXI'}]}),
    ('sale.paysystem.handler.add', {'NAME': 'Replay', 'CODE': 'replayp', 'SETTINGS': {
        'CURRENCY': ['EUR'], 'FORM_DATA': {'ACTION_URI': 'https://example.com/', 'METHOD': 'POST', 'PARAMS': {}}, 'CODES': {
            code: {'NAME': 'Key', 'SORT': 100} for code in ('REST_SERVICE_ID_IFRAME', 'REST_SERVICE_KEY_IFRAME', 'PS_WORK_MODE_IFRAME')}}}),
    ('sale.cashbox.handler.add', {'CODE': 'replayc', 'NAME': 'Replay', 'SORT': 100, 'SETTINGS': {
        'PRINT_URL': 'https://example.com/', 'CHECK_URL': 'https://example.com/', 'CONFIG': {'AUTH': {'LABEL': 'Auth', 'ITEMS': {'KEYWORD': {'TYPE': 'STRING', 'LABEL': 'K'}}}}}}),
    # people and chats
    ('user.update', {'ID': '@owner', 'WORK_PHONE': '+4930111', 'UF_PHONE_INNER': '11', 'PERSONAL_MOBILE': '+4917011', 'PERSONAL_PHONE': '+4930112'}),
    # people, and the CRM and the shop
    ('user.add', {'EMAIL': 'replay{n}@example.com', 'NAME': 'Ada', 'UF_DEPARTMENT': ['@rootdepartment', '@department']}),
    ('crm.type.add', {'fields': {'title': 'Replay one'}}), ('crm.type.add', {'fields': {'title': 'Replay two'}}),
    ('booking.v1.booking.client.set', {'bookingId': '@booking.v1.booking', 'clients': [{'id': '@contact', 'type': {'module': 'crm', 'code': 'CONTACT'}}]}),
    ('booking.v1.waitlist.client.set', {'waitListId': '@booking.v1.waitlist', 'clients': [{'id': '@contact', 'type': {'module': 'crm', 'code': 'CONTACT'}}]}),
    ('booking.v1.waitlist.externalData.set', {'waitListId': '@booking.v1.waitlist', 'externalData': [{'moduleId': 'crm', 'entityTypeId': 'DEAL', 'value': '{@deal}'}]}),
    ('crm.timeline.comment.update', {'id': '@crm.timeline.comment', 'fields': {'COMMENT': 'Replay', 'FILES': [['replay.png', PNG]]}}),
    ('bizproc.recorder.template.add', {'fields': {'name': 'Replay', 'moduleId': 'rpa', 'entity': 'Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item',
        'documentType': '{@rpa.type}:{@firststage}', 'ends': 'N', 'taskName': 'Replay', 'taskUsers': [1]}}),
    ('rpa.item.get', {'typeId': '@rpa.type', 'id': '@rpa.item'}), ('rpa.task.do', {'taskId': '@rpatask', 'approve': 'Y'}),
    ('rpa.item.update', {'typeId': '@rpa.type', 'id': '@rpa.item', 'fields': {'stageId': '@nextstage'}}),
    ('rpa.item.update', {'typeId': '@rpa.type', 'id': '@rpa.item', 'fields': {'stageId': '@firststage'}}),
    ('rpa.timeline.add', {'typeId': '@rpa.type', 'itemId': '@rpa.item', 'fields': {'title': 'Replay', 'description': 'Replay'}}),
    ('sale.propertyRelation.add', {'fields': {'entityId': 1, 'entityType': 'D', 'propertyId': '@sale.property'}}),
    ('crm.item.payment.pay', {'id': '@paidpayment'}),
    ('sale.shipmentitem.add', {'fields': {'orderDeliveryId': '@sale.shipment', 'basketId': '@+sale.basketitem', 'quantity': 1}}),
    ('crm.company.add', {'fields': {'TITLE': 'Own {n}', 'IS_MY_COMPANY': 'Y'}}), ('crm.company.add', {'fields': {'TITLE': 'Own {n}', 'IS_MY_COMPANY': 'Y'}}),
    ('crm.currency.add', {'fields': {'CURRENCY': 'CNY', 'AMOUNT_CNT': 1, 'AMOUNT': 2.5}}), ('crm.currency.add', {'fields': {'CURRENCY': 'IDR', 'AMOUNT_CNT': 1, 'AMOUNT': 2.5}}), ('crm.currency.add', {'fields': {'CURRENCY': 'CLF', 'AMOUNT_CNT': 1, 'AMOUNT': 2.5}}),
    ('sale.status.add', {'fields': {'id': 'MS', 'type': 'D', 'sort': 500}}), ('sale.status.add', {'fields': {'id': 'RD', 'type': 'O', 'sort': 500}}),
    ('sale.statusLang.add', {'fields': {'statusId': 'RD', 'lid': 'la', 'name': '-'}}),
    ('crm.item.payment.add', {'entityTypeId': 2, 'entityId': '@deal'}), ('sale.shipment.get', {'id': '@dealdelivery'}),
    ('crm.orderentity.add', {'fields': {'orderId': '@sale.order', 'ownerId': '@deal', 'ownerTypeId': 2}}),
    ('crm.type.add', {'fields': {'title': 'Replay empty'}}),
    ('crm.item.details.configuration.set', {'entityTypeId': 2, 'scope': 'C', 'extras': {'dealCategoryId': '@dealcategory'}, 'data': CARD}),
    ('crm.lead.details.configuration.set', {'scope': 'P', 'userId': '@owner', 'data': CARD}),
    ('crm.deal.details.configuration.set', {'scope': 'C', 'extras': {'dealCategoryId': '@dealcategory'}, 'data': CARD}),
    ('crm.contact.details.configuration.set', {'scope': 'P', 'userId': '@user', 'data': CARD}),
    ('crm.company.details.configuration.set', {'scope': 'P', 'userId': '@user', 'data': CARD}),
    ('crm.activity.add', {'fields': {'OWNER_TYPE_ID': 3, 'OWNER_ID': '@contact', 'TYPE_ID': 2, 'SUBJECT': 'Replay {n}', 'START_TIME': DAY, 'END_TIME': DAY,
                                     'RESPONSIBLE_ID': '@owner', 'COMMUNICATIONS': [{'VALUE': '+4930111', 'ENTITY_ID': '@contact', 'ENTITY_TYPE_ID': 3}]}}),
    ('crm.timeline.logmessage.add', {'fields': {'entityTypeId': 1, 'entityId': '@lead', 'title': 'Replay {n}', 'text': 'text', 'iconCode': 'info'}}),
    ('sale.propertyvalue.modify', {'fields': {'order': {'id': '@sale.order', 'propertyValues': [{'orderPropsId': '@sale.property', 'value': 'Replay'}]}}}),
    ('sale.shipmentpropertyvalue.modify', {'fields': {'shipment': {'id': '@sale.shipment', 'propertyValues': [{'shipmentPropsId': '@sale.shipmentproperty', 'value': 'Replay'}]}}}),
    ('crm.requisite.link.register', {'fields': {'ENTITY_TYPE_ID': 31, 'ENTITY_ID': '@smartinvoice', 'REQUISITE_ID': '@requisite', 'BANK_DETAIL_ID': '@crm.requisite.bankdetail',
                                                'MC_REQUISITE_ID': 0, 'MC_BANK_DETAIL_ID': 0}}),
    ('crm.timeline.logo.add', {'code': 'info', 'fileContent': PNG24}),
    ('crm.timeline.note.save', {'ownerTypeId': 1, 'ownerId': '@lead', 'itemType': 1, 'itemId': '@leadcomment', 'text': 'Replay'}),
    ('documentgenerator.region.add', {'fields': {'title': 'Germany (Custom)', 'languageId': 'de', 'formatDate': 'DD.MM.YYYY', 'formatDatetime': 'DD.MM.YYYY HH:MI:SS',
                                                 'formatName': '#LAST_NAME# #NAME#'}}),
    ('bizproc.workflow.start', {'TEMPLATE_ID': '@bizproc.template', 'DOCUMENT_ID': ['crm', 'CCrmDocumentDeal', 'DEAL_{@deal}']}),
    ('bizproc.workflow.start', {'TEMPLATE_ID': '@bizproc.template', 'DOCUMENT_ID': ['crm', 'CCrmDocumentDeal', 'DEAL_{@deal}']}),
    ('bizproc.workflow.start', {'TEMPLATE_ID': '@bizproc.template', 'DOCUMENT_ID': ['crm', 'CCrmDocumentDeal', 'DEAL_{@deal}']}),
    ('bizproc.workflow.start', {'TEMPLATE_ID': '@bizproc.template', 'DOCUMENT_ID': ['crm', 'CCrmDocumentDeal', 'DEAL_{@deal}']}),
    ('im.v2.Event.subscribe', {}),
    ('imbot.v2.Bot.register', {'fields': {'code': 'support_bot', 'properties': {'name': 'Replay'}, 'botToken': 'my_bot_token'}}),
    # working days: the time control notes their pauses
    ('timeman.timecontrol.settings.set', {'ACTIVE': True, 'REPORT_REQUEST_TYPE': 'all'}), ('timeman.open', {}), ('timeman.pause', {}), ('timeman.open', {}),
    # what extensions register
    ('ai.engine.register', {'name': 'Acme GPT', 'code': 'acme_gpt', 'category': 'text', 'completions_url': 'https://example.com/',
                            'settings': {'code_alias': 'ChatGPT', 'model_context_type': 'token', 'model_context_limit': 15666}}),
    ('userfieldtype.add', {'USER_TYPE_ID': 'test_type', 'HANDLER': 'https://example.com/1', 'TITLE': 'Replay', 'DESCRIPTION': 'replay'}),
    ('userfieldtype.add', {'USER_TYPE_ID': 'test', 'HANDLER': 'https://example.com/2', 'TITLE': 'Replay', 'DESCRIPTION': 'replay'}),
    # sites
    ('landing.repo.register', {'code': 'myblockx', 'fields': {'NAME': 'Replay', 'SECTIONS': 'text', 'PREVIEW': 'https://example.com/', 'CONTENT': '<section>Replay</section>'}, 'manifest': {'block': {'name': 'Replay'}}}),
    ('landing.demos.register', {'data': {'code': 'leaflet', 'name': 'Replay', 'type': 'page'}}),
    ('landing.site.bindingToGroup', {'id': '@knowledge', 'groupId': '@workgroup'}),
    ('landing.landing.add', {'fields': {'TITLE': 'Replay', 'CODE': 'sale', 'SITE_ID': '@landing.site'}}),
    ('landing.landing.update', {'lid': '@landing.landing', 'fields': {'ADDITIONAL_FIELDS': {
        'FONTS_CODE': '<noscript></noscript>', 'GACOUNTER_USE': 'N', 'METAMAIN_USE': 'Y', 'METAMAIN_TITLE': 'Replay', 'METAOG_TITLE': 'Replay', 'METAOG_IMAGE': 'https://example.com/',
        'SETTINGS_PRICE_CODE': ['BASE'], 'SETTINGS_SHOW_PRICE_COUNT': 1, 'THEMEFONTS_LINE_HEIGHT': '1.6', 'VIEW_TYPE': 'no', 'YACOUNTER_USE': 'N'}}}),
    ('landing.role.setRights', {'id': '@landing.role', 'rights': {'0': ['read', 'edit', 'sett', 'public', 'delete'], '7': ['read']}}),
    ('landing.template.setLandingRef', {'id': '@landing.landing', 'data': {'1': '@landing.landing'}}),
    ('landing.template.setSiteRef', {'id': '@landing.site', 'data': {'1': '@landing.landing'}}),
    ('landing.landing.publication', {'lid': '@landing.landing'}),
] + [('landing.syspage.set', {'id': '@landing.site', 'type': _type, 'lid': '@landing.landing'})
     for _type in ('mainpage', 'catalog', 'personal', 'cart', 'order', 'compare', 'payment')
] + [('vote.Integration.Im.send', {'chatId': '@chat', 'IM_MESSAGE_VOTE_DATA': {'QUESTIONS': _QUESTION, 'ANONYMITY': 0, 'OPTIONS': 1}})] * 4 + [
    ('vote.AttachedVote.vote', {'attachId': 1, 'ballot': {'1': ['2']}}), ('vote.AttachedVote.vote', {'attachId': 2, 'ballot': {'2': ['5']}}),
]
