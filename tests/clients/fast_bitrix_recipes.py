"""The recipes for the CRM in fast_bitrix24's README and reference, with the synchronous client.

HOOK is a webhook with the scope crm of a portal with demo data. Prints an OK line for each recipe.
"""

import os

from fast_bitrix24 import Bitrix

HOOK = os.environ["HOOK"]


def lists(b):
    leads = b.get_all("crm.lead.list")
    assert len(leads) == len({lead["ID"] for lead in leads}) and leads[0]["TITLE"], len(leads)
    deals = b.get_all("crm.deal.list", params={"select": ["*", "UF_*"], "filter": {"CLOSED": "N"}})
    assert deals and all(deal["CLOSED"] == "N" for deal in deals), deals
    deals.sort(key=lambda deal: int(deal["ID"]))
    print("OK get_all")
    return deals


def by_id(b, deals):
    contacts = b.get_by_ID("crm.deal.contact.items.get", [deal["ID"] for deal in deals])
    assert set(contacts) == {deal["ID"] for deal in deals}, contacts
    with_contacts = next(links for links in contacts.values() if links)
    assert with_contacts[0]["IS_PRIMARY"] in ("Y", "N") and with_contacts[0]["CONTACT_ID"], with_contacts
    ids = {str(link["CONTACT_ID"]) for links in contacts.values() for link in links}
    people = b.get_by_ID("crm.contact.get", ids)
    assert all(people[contact]["ID"] == contact for contact in ids), people
    rows = b.get_by_ID("crm.deal.productrows.get", [deal["ID"] for deal in deals])
    assert any(rows.values()), rows
    print("OK get_by_ID")


def changes(b, deals):
    tasks = [{"ID": deal["ID"], "fields": {"TITLE": f"{deal['ID']} - {deal['TITLE']}"}} for deal in deals]
    assert all(answer is True for answer in b.call("crm.deal.update", tasks))
    changed = {deal["ID"]: deal["TITLE"] for deal in b.get_all("crm.deal.list", {"select": ["ID", "TITLE"]})}
    assert all(changed[deal["ID"]] == f"{deal['ID']} - {deal['TITLE']}" for deal in deals), changed
    with b.slow(2):
        added = b.call("crm.lead.add", [{"fields": {"TITLE": f"Slow {number}"}} for number in range(3)])
    assert len(set(added)) == 3, added
    one = b.call("crm.lead.add", {"fields": {"TITLE": "One", "COMMENTS": "to be cleared"}})
    # None clears a value; batches cannot carry it.
    assert b.call("crm.lead.update", {"ID": one, "fields": {"COMMENTS": None}}, raw=True)["result"] is True
    assert not b.get_by_ID("crm.lead.get", [one])["COMMENTS"]
    assert b.call("crm.lead.delete", [{"ID": lead} for lead in (*added, one)]) == (True,) * 4
    print("OK call")


def batches(b):
    results = b.call_batch({"halt": 0, "cmd": {
        "deals": "crm.deal.list?order[ID]=ASC",
        "activities": "crm.activity.list?filter[OWNER_TYPE_ID]=2&filter[OWNER_ID]=$result[deals][0][ID]",
    }})
    assert results["deals"] and all(row["OWNER_ID"] == results["deals"][0]["ID"] for row in results["activities"]), results
    print("OK call_batch")


def whole_lists(b):
    for branch in ("crm.deal", "crm.contact", "crm.company", "crm.product"):
        listed = b.get_all(f"{branch}.list", {"select": ["ID"]})
        whole = b.list_and_get(branch)
        assert set(whole) == {row["ID"] for row in listed}, branch
        assert all(row["ID"] == key for key, row in whole.items()), branch
    for method in ("crm.status.list", "crm.currency.list", "crm.measure.list", "crm.requisite.list", "crm.activity.list"):
        assert b.get_all(method), method
    print("OK list_and_get")


def descriptions(b):
    for entity in ("lead", "deal", "contact", "company", "quote", "product", "activity"):
        fields = b.get_all(f"crm.{entity}.fields")
        assert fields["ID"]["isReadOnly"] is True, entity
    print("OK fields")


def main():
    b = Bitrix(HOOK, verbose=False)
    deals = lists(b)
    by_id(b, deals)
    changes(b, deals)
    batches(b)
    whole_lists(b)
    descriptions(b)


main()
