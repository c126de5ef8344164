"""A small integration as somebody writes it who knows the public documentation alone: a form on a website becomes a contact
(unless that person is known already) and a deal with products; a comment, a to-do, a stage move and an offer follow.

HOOK is a webhook with the scopes crm and user of a portal with demo data. Prints an OK line for each thing that holds.
"""

import base64
import io
import os
import ssl
import urllib.request
import zipfile
from datetime import datetime, timedelta, timezone

from fast_bitrix24 import Bitrix

HOOK = os.environ["HOOK"]
FORM = {
    "name": "Maya", "last_name": "Lindqvist", "phone": "+49 (30) 555-01-77", "email": "maya.lindqvist@example.com",
    "message": "Two berths for the summer, please.", "utm_source": "newsletter",
    "cart": [{"name": "Berth, summer", "price": 640.0, "quantity": 2, "vat": 19}, {"name": "Shore power", "price": 45.5, "quantity": 1, "vat": 19}],
}


def read(b, method, key):
    # get_by_ID with a single ID gives what is in the answer, in another form; raw is what the documentation shows.
    return b.call(method, {"id": key}, raw=True)["result"]


def known_contact(b, form):
    """The ID of the contact with this phone or address; None for somebody new."""
    for kind, value in (("PHONE", form["phone"]), ("EMAIL", form["email"])):
        found = b.call("crm.duplicate.findbycomm", {"entity_type": "CONTACT", "type": kind, "values": [value]}, raw=True)["result"]
        if found:
            return found["CONTACT"][0]
    return None


def contact(b, form):
    found = known_contact(b, form)
    if found:
        return found
    return b.call("crm.contact.add", {"fields": {
        "NAME": form["name"], "LAST_NAME": form["last_name"], "SOURCE_ID": "WEB", "UTM_SOURCE": form["utm_source"],
        "PHONE": [{"VALUE": form["phone"], "VALUE_TYPE": "WORK"}], "EMAIL": [{"VALUE": form["email"], "VALUE_TYPE": "HOME"}],
    }})


def contacts_are_made_once(b):
    first = contact(b, FORM)
    assert contact(b, FORM) == first, "the same form again"
    # People write their numbers as they like.
    assert contact(b, {**FORM, "phone": "+49305550177", "email": "somebody.else@example.com"}) == first
    assert contact(b, {**FORM, "phone": "+49 30 555 01 78", "email": "MAYA.Lindqvist@Example.com"}) == first
    whole = read(b, "crm.contact.get", first)
    assert whole["UTM_SOURCE"] == "newsletter" and whole["HAS_PHONE"] == "Y", whole
    assert [phone["VALUE"] for phone in whole["PHONE"]] == [FORM["phone"]], whole["PHONE"]
    print("OK contact")
    return first


def deal_with_rows(b, contact_id):
    deal = b.call("crm.deal.add", {"fields": {
        "TITLE": f"Website: {FORM['last_name']}", "CONTACT_ID": contact_id, "SOURCE_ID": "WEB", "COMMENTS": FORM["message"],
        "CURRENCY_ID": "EUR", "BEGINDATE": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }, "params": {"REGISTER_SONET_EVENT": "Y"}})
    rows = [{"PRODUCT_NAME": row["name"], "PRICE": row["price"], "QUANTITY": row["quantity"], "TAX_RATE": row["vat"], "TAX_INCLUDED": "Y"}
            for row in FORM["cart"]]
    assert b.call("crm.deal.productrows.set", {"id": deal, "rows": rows}) is True
    whole = read(b, "crm.deal.get", deal)
    assert float(whole["OPPORTUNITY"]) == 2 * 640 + 45.5, whole["OPPORTUNITY"]
    assert whole["CONTACT_ID"] == str(contact_id) and whole["COMMENTS"] == FORM["message"], whole
    kept = read(b, "crm.deal.productrows.get", deal)
    assert [row["PRODUCT_NAME"] for row in kept] == [row["name"] for row in FORM["cart"]], kept
    of_contact = b.get_all("crm.deal.list", {"filter": {"CONTACT_ID": contact_id}, "select": ["ID", "TITLE", "STAGE_ID"]})
    assert [row["ID"] for row in of_contact] == [str(deal)], of_contact
    print("OK deal with rows")
    return deal


def comment(b, deal):
    file = base64.b64encode(FORM["message"].encode()).decode()
    added = b.call("crm.timeline.comment.add", {"fields": {
        "ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": f"From the form: [B]{FORM['message']}[/B]", "FILES": [["form.txt", file]],
    }}, raw=True)["result"]
    comments = b.get_all("crm.timeline.comment.list", {"filter": {"ENTITY_ID": deal, "ENTITY_TYPE": "deal"}})
    assert [row["ID"] for row in comments] == [str(added)], comments
    files = list(comments[0]["FILES"].values())
    assert files[0]["name"] == "form.txt", files
    assert download(files[0]["urlDownload"]) == FORM["message"].encode()
    print("OK comment")


def to_do(b, deal):
    deadline = (datetime.now(timezone.utc) + timedelta(days=2)).replace(microsecond=0)
    added = b.call("crm.activity.todo.add", {
        "ownerTypeId": 2, "ownerId": deal, "deadline": deadline.isoformat(), "title": "Call back", "description": "About the berths", "responsibleId": 1,
    }, raw=True)["result"]
    open_ones = {"filter": {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "COMPLETED": "N"}, "select": ["ID", "SUBJECT", "DEADLINE", "PROVIDER_ID"]}
    found = b.get_all("crm.activity.list", open_ones)
    assert [(row["ID"], row["SUBJECT"], row["PROVIDER_ID"]) for row in found] == [(str(added["id"]), "Call back", "CRM_TODO")], found
    assert datetime.fromisoformat(found[0]["DEADLINE"]) == deadline, found
    assert b.call("crm.activity.update", {"id": added["id"], "fields": {"COMPLETED": "Y"}}) is True
    assert b.get_all("crm.activity.list", open_ones) == []
    print("OK activity")


def stage_move(b, deal):
    stages = b.get_all("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})
    stages.sort(key=lambda stage: int(stage["SORT"]))
    now = read(b, "crm.deal.get", deal)["STAGE_ID"]
    codes = [stage["STATUS_ID"] for stage in stages]
    following = codes[codes.index(now) + 1]
    won = next(stage["STATUS_ID"] for stage in stages if stage["EXTRA"]["SEMANTICS"] == "success")
    for stage in (following, won):
        assert b.call("crm.deal.update", {"ID": deal, "fields": {"STAGE_ID": stage}}) is True
    whole = read(b, "crm.deal.get", deal)
    assert (whole["STAGE_ID"], whole["STAGE_SEMANTIC_ID"], whole["CLOSED"]) == (won, "S", "Y"), whole
    history = b.get_all("crm.stagehistory.list", {"entityTypeId": 2, "filter": {"OWNER_ID": deal}})
    assert [row["STAGE_ID"] for row in sorted(history, key=lambda row: int(row["ID"]))] == [now, following, won], history
    print("OK stage move")


def offer_template():
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (
        "Offer {DocumentNumber} for {ClientName}", "{ProductsProductName}: {ProductsProductPriceSum}", "Total {TotalSum}"))
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return base64.b64encode(file.getvalue()).decode()


def document(b, deal):
    numerator = b.call("crm.documentgenerator.numerator.add", {"fields": {"name": "Offers", "template": "WEB-{NUMBER}"}}, raw=True)
    template = b.call("crm.documentgenerator.template.add", {"fields": {
        "name": "Website offer", "file": ["offer.docx", offer_template()], "numeratorId": numerator["result"]["numerator"]["id"], "region": "de",
        "entityTypeId": ["2"], "users": ["UA"], "active": "Y",
    }}, raw=True)["result"]["template"]
    # A newcomer looks first at which fields there are.
    fields = b.call("crm.documentgenerator.template.getfields", {"id": template["id"], "entityTypeId": 2, "entityId": deal}, raw=True)
    assert fields["result"]["templateFields"]["ClientName"]["value"] == "Maya Lindqvist", fields
    made = b.call("crm.documentgenerator.document.add", {"templateId": template["id"], "entityTypeId": 2, "entityId": deal}, raw=True)["result"]["document"]
    assert made["number"] == "WEB-1" and made["title"] == "Website offer WEB-1", made
    with zipfile.ZipFile(io.BytesIO(download(made["downloadUrlMachine"]))) as archive:
        text = archive.read("word/document.xml").decode()
    for part in ("Offer WEB-1 for Maya Lindqvist", "Berth, summer", "Shore power", "1,325.50"):
        assert part in text, (part, text)
    link = b.call("crm.documentgenerator.document.enablepublicurl", {"id": made["id"], "status": 1}, raw=True)["result"]["publicUrl"]
    assert link.startswith("https://"), link
    found = b.get_all("crm.documentgenerator.document.list", {"filter": {"entityTypeId": 2, "entityId": deal}})
    assert [row["title"] for row in found] == [made["title"]], found
    print("OK document")


def download(url):
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    with urllib.request.urlopen(url, context=context) as answer:
        return answer.read()


def main():
    b = Bitrix(HOOK, verbose=False)
    person = contacts_are_made_once(b)
    deal = deal_with_rows(b, person)
    comment(b, deal)
    to_do(b, deal)
    stage_move(b, deal)
    document(b, deal)


main()
