"""b24pysdk from PyPI, unmodified, against a portal.

HOOK is a webhook with the scope crm; NARROW is one without any scope. The SDK insists on port 443, so HTTPS_PROXY takes
it to the server. Prints an OK line for each thing that holds.
"""

import os
from urllib.parse import urlsplit

from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIInsufficientScope, BitrixAPIInvalidCredentials, BitrixAPIError

LEADS = 134
ROWS = 120


def webhook(url, secret=None):
    parts = urlsplit(url)
    _, user, own, *_ = parts.path.strip("/").split("/")
    return BitrixWebhook(domain=parts.hostname, webhook_token=f"{user}/{secret or own}")


def add_and_get(client):
    lead_id = client.crm.lead.add(fields={
        "TITLE": "Harbour lights & co",
        "OPPORTUNITY": 1250.5,
        "EMAIL": [{"VALUE": "ines@example.com", "VALUE_TYPE": "WORK"}],
    }).result
    assert isinstance(lead_id, int), lead_id
    lead = client.crm.lead.get(bitrix_id=lead_id).result
    assert lead["ID"] == str(lead_id) and lead["TITLE"] == "Harbour lights & co", lead
    assert lead["EMAIL"][0]["VALUE"] == "ines@example.com", lead["EMAIL"]
    assert client.crm.lead.update(bitrix_id=lead_id, fields={"TITLE": "Harbour"}).result is True
    assert client.crm.lead.get(bitrix_id=lead_id).result["TITLE"] == "Harbour"
    assert client.crm.lead.delete(bitrix_id=lead_id).result is True
    print("OK add and get")


def list_through_paging(client):
    commands = {f"berth{number}": client.crm.lead.add(fields={"TITLE": f"Berth {number}"}) for number in range(LEADS)}
    ids = sorted(client.call_batches(commands).result.result.values())
    assert len(set(ids)) == LEADS, ids
    question = client.crm.lead.list(select=["ID", "TITLE"], filter={"%TITLE": "Berth"}, order={"ID": "ASC"})
    found = list(question.as_list().result)
    assert sorted(int(lead["ID"]) for lead in found) == ids, [lead["ID"] for lead in found]
    # The fast list chains up to fifty pages in one batch, each after the last ID of the one before (protocol 4.4).
    question = client.crm.lead.list(select=["ID", "TITLE"], filter={"%TITLE": "Berth"})
    assert [int(lead["ID"]) for lead in question.as_list_fast().result] == ids
    print("OK list through paging")
    return ids


def lists_of_items(client, ids):
    # The first page is ordered by ID in capitals, those after it by what the answer called the id.
    question = client.crm.item.list(entity_type_id=1, select=["id", "title"], filter={"%title": "Berth"})
    assert [item["id"] for item in question.as_list_fast().result] == ids
    assert [item["id"] for item in question.as_list_fast(descending=True).result] == ids[::-1]
    rows = [{"productName": f"Cleat {number}", "price": number} for number in range(ROWS)]
    client.crm.item.productrow.set(owner_type="L", owner_id=ids[0], product_rows=rows).result  # noqa: B018
    question = client.crm.item.productrow.list(filter={"=ownerType": "L", "=ownerId": ids[0]})
    found = list(question.as_list_fast().result)
    assert [row["productName"] for row in found] == [row["productName"] for row in rows], len(found)
    print("OK lists of items")


def batch_of_fifty(client, ids):
    answer = client.call_batch({f"lead{key}": client.crm.lead.get(bitrix_id=key) for key in ids[:50]}).result
    assert [lead["ID"] for lead in answer.result.values()] == [str(key) for key in ids[:50]]
    assert not answer.result_error and len(answer.result_time) == 50
    print("OK batch of 50")


def refusals(hook, narrow):
    refused(webhook(hook, "0" * 16), "profile", BitrixAPIInvalidCredentials, 401)
    print("OK wrong secret")
    refused(webhook(narrow), "crm.lead.list", BitrixAPIInsufficientScope, 401)
    print("OK missing scope")
    error = refused(webhook(hook), "crm.lead.no.such", BitrixAPIError, 404)
    assert error.json_response["error"] == "ERROR_METHOD_NOT_FOUND", error.json_response
    print("OK unknown method")


def refused(token, method, kind, status):
    try:
        token.call_method(method)
    except kind as error:
        assert error.response.status_code == status, error.response.status_code
        return error
    raise AssertionError(f"{method} was not refused")


def main():
    hook, narrow = os.environ["HOOK"], os.environ["NARROW"]
    client = Client(webhook(hook))
    add_and_get(client)
    ids = list_through_paging(client)
    lists_of_items(client, ids)
    batch_of_fifty(client, ids)
    refusals(hook, narrow)


main()
