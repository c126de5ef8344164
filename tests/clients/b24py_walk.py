"""Every method that b24pysdk from PyPI, unmodified, offers for what Portreeve has, called on the demo portal.

PROGRAM is the server, ADDRESS where it listens, BASE what the portal is called, and HTTPS_PROXY leads there. Each method is called with
the parameters of our described example, and what the SDK parsed is held against the described answer. Prints OK and how many.
"""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

FOLDER = Path(tempfile.mkdtemp(prefix="portreeve-walk-"))
# The development authority is made at the first start; the SDK reads the variable when it asks.
os.environ["REQUESTS_CA_BUNDLE"] = str(FOLDER / "data/tls/ca.pem")

from b24pysdk import BitrixWebhook, Client  # noqa: E402
from b24pysdk.errors import BitrixSDKException  # noqa: E402
from b24pysdk.scopes._base_context import BaseContext  # noqa: E402

# What the SDK offers otherwise than the method is documented, and why it cannot be called with the example.
KNOWN = {
    "catalog.product.download": "is sent to a file, and reads it as JSON",
    "catalog.product.offer.download": "the same",
    "catalog.product.service.download": "the same",
    "catalog.product.sku.download": "the same",
    "crm.activity.todo.add": "takes a datetime, which it does not bring into JSON",
    "crm.activity.todo.update": "the same",
    "crm.activity.todo.updateDeadline": "the same",
    "crm.requisite.fields": "takes statusType for text, where a list is documented",
    "crm.type.fields": "forgets that the answer has its fields under fields",
    "crm.timeline.logmessage.delete": "for the integration alone that added the message",
    "im.disk.file.commit": "takes one file, where the example has a list",
    "sonet_group.user.get": "calls the ID of the group group_id",
    "userfieldconfig.list": "wants a map where names are documented",
    "bizproc.activity.log": "the example names a workflow of the tests, whose ID comes of their clock and key",
    "bizproc.workflow.kill": "the same",
    "bizproc.workflow.terminate": "the same",
    "calendar.accessibility.get": "calls from from_date",
    "calendar.event.add": "the same",
    "calendar.resource.booking.list": "the example is of a month, and the demo's booking is of this week",
    "calendar.section.update": "takes the ID as text, where a number is documented",
    "crm.item.payment.delivery.list": "requires a filter",
    "crm.item.payment.product.add": "requires a fraction for the quantity",
    "crm.item.payment.product.list": "requires a filter",
    "crm.item.payment.product.setQuantity": "requires a fraction for the quantity",
    "crm.orderentity.getFields": "calls another name",
    "rpa.task.do": "takes no parameters",
    "sale.paysystem.add": "requires what is documented as optional",
    "sale.paysystem.settings.get": "calls ID sale_paysystem_id",
    "sale.paysystem.settings.invoice.get": "requires a payment",
    "sale.paysystem.settings.update": "requires what is not documented",
    "sale.status.delete": "takes a number for the code of a status",
    "sale.status.get": "the same",
    "sale.status.update": "the same",
    "telephony.externalCall.register": "calls TYPE call_type",
    "timeman.timecontrol.reports.get": "the example is of a month, and the demo's day is today",
    "vote.AttachedVote.download": "is sent to a file, and reads it as JSON",
    "vote.AttachedVote.getMany": "calls entityId entity_ids",
    "voximplant.sip.add": "requires what is documented as optional",
}


class Portal:
    """The demo portal, as it was when new."""

    def __init__(self, scopes):
        self.program = [os.environ["PROGRAM"], "--data", str(FOLDER / "data")]
        self.serve = ["--tls", "dev", "--listen", os.environ["ADDRESS"], "--base-url", os.environ["BASE"], "--limits", "off"]
        self.process = None
        self.start("demo")
        hook = ["hook", "create", "--owner", "1", "--scope", scopes, "--name", "walk"]
        self.hook = subprocess.run([*self.program, *hook], capture_output=True, check=True, text=True).stdout.strip()
        self.stop()
        shutil.copytree(FOLDER / "data", FOLDER / "new")
        self.start("serve")

    def start(self, command):
        self.process = subprocess.Popen(
            [*self.program, command, *self.serve], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = self.process.stdout.readline()
        assert " is ready at " in said, said

    def stop(self):
        self.process.kill()
        self.process.wait()

    def renew(self):
        self.stop()
        shutil.rmtree(FOLDER / "data")
        shutil.copytree(FOLDER / "new", FOLDER / "data")
        self.start("serve")

    def client(self):
        parts = urlsplit(self.hook)
        _, user, secret, *_ = parts.path.strip("/").split("/")
        return Client(BitrixWebhook(domain=urlsplit(os.environ["BASE"]).hostname, webhook_token=f"{user}/{secret}"))


def described():
    text = subprocess.run([os.environ["PROGRAM"], "describe"], capture_output=True, check=True).stdout
    return {method["method"].lower(): method for method in json.loads(text)["methods"] if method["version"] == "v2"}


def contexts(context):
    yield context
    for name in dir(type(context)):
        if not name.startswith("_") and not inspect.isfunction(inspect.getattr_static(type(context), name)):
            below = getattr(context, name)
            if isinstance(below, BaseContext):
                yield from contexts(below)


def offered(client):
    """Every public method of the SDK, with the name that it gives the method of the portal."""
    for name in dir(type(client)):
        scope = None if name.startswith("_") else getattr(client, name)
        if isinstance(scope, BaseContext):
            for context in contexts(scope):
                for method in dir(type(context)):
                    if not method.startswith("_") and inspect.isfunction(inspect.getattr_static(type(context), method)):
                        call = getattr(context, method)
                        yield context._get_api_method(call), call


def plain(name):
    return re.sub("[^a-z0-9]", "", name.lower().removeprefix("bitrix_"))


def arguments(call, params):
    """The parameters of a request as the arguments of the SDK, which wants moments and flags as Python has them."""
    given, signature = {plain(name): value for name, value in params.items()}, inspect.signature(call).parameters
    if "fields" in signature and "fields" not in given:
        # These methods take their fields beside each other, the SDK in one.
        given = {"fields": {name: value for name, value in params.items() if plain(name) not in map(plain, signature)}} | given
    return {name: fitting(given[plain(name)], str(wanted)) for name, wanted in signature.items() if plain(name) in given}


def fitting(value, wanted):
    if "datetime" in wanted and "Literal" not in wanted and isinstance(value, str):
        return datetime.fromisoformat(value)
    if "bool" in wanted and value in (0, 1, "Y", "N"):
        return value in (1, "Y")
    return value


def mismatch(expected, actual, at="result"):
    if expected == "*":
        return None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return next(filter(None, (
            mismatch(value, actual[key], f"{at}.{key}") if key in actual else f"{at}.{key} is missing"
            for key, value in expected.items())), None)
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return next(filter(None, (mismatch(*pair, at) for pair in zip(expected, actual))), None)
    return None if expected == actual else f"{at} is {actual!r}, not {expected!r}"


def trouble(call, method):
    """What is wrong with the answer to the example, as the SDK gives it."""
    example = method["examples"][0]
    try:
        request = call(**arguments(call, example["params"]))
        # What it makes of the answer is worked out when it is asked for.
        wrong = mismatch(example["result"], request.result)
        parsed = request.value if hasattr(request, "value") else None
        return wrong or (parsed is None and hasattr(request, "value") and example["result"] is not None and "no value" or None)
    except (BitrixSDKException, TypeError, ValueError, KeyError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


def unsigned(rows):
    """Rows without the tokens of links, which are made anew with each answer."""
    return re.sub(r"token=[^\"&]*", "token=", json.dumps(rows))


def paged(call, method):
    """What is wrong with a list when the SDK fetches all of it, page by page and in one chain of commands."""
    given = arguments(call, {name: value for name, value in method["examples"][0]["params"].items() if name != "start"})
    try:
        first = call(**given)
        rows, total = first.result, first.response.total
        if isinstance(rows, dict) and len(rows) == 1:
            rows = next(iter(rows.values()))
        if not isinstance(rows, list) or total is None:
            return None
        slow = list(call(**given).as_list().result)
        if len(slow) != total or unsigned(slow[:len(rows)]) != unsigned(rows):
            return f"as_list: {len(slow)} of {total}"
    except (BitrixSDKException, TypeError, ValueError, KeyError, AttributeError) as error:
        return f"as_list: {type(error).__name__}: {error}"
    return None


def main():
    methods = described()
    portal = Portal(",".join(sorted({method["scope"] for method in methods.values() if method["scope"]})))
    try:
        client = portal.client()
        calls = {name: call for name, call in offered(client) if name.lower() in methods}
        have = {name: methods[name.lower()] for name in calls}
        refused = [name for name, method in have.items() if method["needs_application"] or not method["examples"]]
        order = sorted(set(have) - set(refused), key=lambda name: (have[name]["writes"], have[name]["destroys"]))
        wrong, changed = {}, False
        for name in order:
            found = trouble(calls[name], have[name])
            if not found and name.endswith("list") and not have[name]["writes"]:
                found = paged(calls[name], have[name])
            if found and changed:
                # An earlier one may have taken away what this one needs.
                portal.renew()
                found, changed = trouble(calls[name], have[name]), False
            changed = changed or have[name]["writes"]
            if found:
                wrong[name] = found
        for name, found in wrong.items():
            if name not in KNOWN:
                print(f"{name} {json.dumps(have[name]['examples'][0]['params'])}: {found}", file=sys.stderr)
        assert set(wrong) == set(KNOWN), f"{len(set(wrong) ^ set(KNOWN))} differ"
        print(f"OK {len(order)} methods")
    finally:
        portal.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)


main()
