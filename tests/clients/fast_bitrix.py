"""fast_bitrix24 from PyPI, unmodified, against a portal.

HOOK is a webhook with the scope crm; NARROW is one without any scope. Prints an OK line for each thing that holds.
"""

import asyncio
import os

from aiohttp import ClientResponseError
from fast_bitrix24 import BitrixAsync

HOOK, NARROW = os.environ["HOOK"], os.environ["NARROW"]
LEADS = 134
ROWS = 120


async def add_and_get(portal):
    lead_id = await portal.call("crm.lead.add", {"fields": {
        "TITLE": "Harbour lights & co",
        "OPPORTUNITY": 1250.5,
        "PHONE": [{"VALUE": "+49 30 111", "VALUE_TYPE": "WORK"}],
    }})
    assert isinstance(lead_id, int), lead_id
    lead = await portal.call("crm.lead.get", {"ID": lead_id}, raw=True)
    lead = lead["result"]
    assert lead["ID"] == str(lead_id) and lead["TITLE"] == "Harbour lights & co", lead
    assert lead["OPPORTUNITY"] == "1250.50", lead["OPPORTUNITY"]
    assert lead["PHONE"][0]["VALUE"] == "+49 30 111", lead["PHONE"]
    assert await portal.call("crm.lead.delete", {"ID": lead_id}) is True
    print("OK add and get")


async def list_through_paging(portal):
    ids = await portal.call("crm.lead.add", [{"fields": {"TITLE": f"Berth {number}"}} for number in range(LEADS)])
    assert len(ids) == LEADS and len(set(ids)) == LEADS, ids
    leads = await portal.get_all("crm.lead.list", {"select": ["ID", "TITLE"], "filter": {"%TITLE": "Berth"}})
    assert sorted(int(lead["ID"]) for lead in leads) == sorted(ids), len(leads)
    assert {lead["TITLE"] for lead in leads} == {f"Berth {number}" for number in range(LEADS)}
    print("OK list through paging")
    return list(ids)


async def lists_of_items(portal, ids):
    # get_all orders by ID in capitals, whatever the method.
    question = {"entityTypeId": 1, "select": ["id", "title"], "filter": {"%title": "Berth"}}
    items = await portal.get_all("crm.item.list", question)
    assert sorted(item["id"] for item in items) == sorted(ids), len(items)
    rows = [{"productName": f"Cleat {number}", "price": number} for number in range(ROWS)]
    owner = {"ownerId": ids[0], "ownerType": "L"}
    await portal.call("crm.item.productrow.set", {**owner, "productRows": rows}, raw=True)
    found = await portal.get_all("crm.item.productrow.list", {"filter": {f"={name}": value for name, value in owner.items()}})
    assert {row["productName"] for row in found} == {row["productName"] for row in rows} and len(found) == ROWS, len(found)
    print("OK lists of items")


async def batch_of_fifty(portal, ids):
    found = await portal.get_by_ID("crm.lead.get", ids[:50])
    assert [int(key) for key in found] == ids[:50], list(found)
    assert all(found[str(key)]["ID"] == str(key) for key in ids[:50])
    chained = await portal.call_batch({"halt": 0, "cmd": {
        "first": f"crm.lead.get?ID={ids[0]}",
        "same": "crm.lead.list?filter[TITLE]=$result[first][TITLE]&select[]=ID",
    }})
    assert chained["same"] == [{"ID": str(ids[0])}], chained
    print("OK batch of 50")


async def refusals():
    wrong = HOOK.rstrip("/")[:-4] + "0000/"
    await refused(wrong, "profile", 401)
    print("OK wrong secret")
    await refused(NARROW, "crm.lead.list", 401)
    print("OK missing scope")
    await refused(HOOK, "crm.lead.no.such", 404)
    print("OK unknown method")


async def refused(url, method, status):
    try:
        await BitrixAsync(url, verbose=False).call(method, {"select": ["ID"]}, raw=True)
    except ClientResponseError as error:
        assert error.status == status, error.status
    else:
        raise AssertionError(f"{method} was not refused")


async def main():
    portal = BitrixAsync(HOOK, verbose=False)
    await add_and_get(portal)
    ids = await list_through_paging(portal)
    await lists_of_items(portal, ids)
    await batch_of_fifty(portal, ids)
    await refusals()


asyncio.run(main())
