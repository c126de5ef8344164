#!/usr/bin/env python3
"""Writes what is documented into crates/portal/src/describe: documented.tsv, the methods that a webhook may
call, and documented_events.tsv, the events that an outbound webhook may listen to.

Usage: xtask/facts.py CATALOGUE_DIRECTORY
"""
import csv
import json
import pathlib
import sys

# Where the documentation and the protocol differ, the protocol wins (7.4).
ANSWERED = {"app.info"}
REFUSED = "imopenlines.bot.session."
# The same for events (appendix B).
HEARD = {"ONUSERADD"}
DIRECTORY = pathlib.Path(__file__).parent.parent / "crates/portal/src/describe"


def write(name: str, head: tuple, rows) -> None:
    with open(DIRECTORY / name, "w", newline="", encoding="utf-8") as target:
        table = csv.writer(target, delimiter="\t", lineterminator="\n")
        table.writerow(head)
        table.writerows(sorted(rows))


def methods(catalogue: pathlib.Path):
    methods = {}
    with open(catalogue / "index.tsv", newline="", encoding="utf-8") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            name = row["method"]
            needs_application = row["app_context_only"] == "true" and name not in ANSWERED
            # A method of both versions counts once, with the scope it has under /rest/.
            known = name in methods and row["rest_version"] == "v3"
            if not (needs_application or known or name.startswith(REFUSED)):
                scope = "" if row["scope"] == "basic" else row["scope"]
                methods[name] = (name, row["module"], scope)
    return methods.values()


def events(catalogue: pathlib.Path):
    with open(catalogue / "events.json", encoding="utf-8") as facts:
        for event in json.load(facts):
            if event["outgoing_webhook"] or event["event"] in HEARD:
                yield event["event"], event["module"], ",".join(event["scope"])


def main(catalogue: pathlib.Path) -> None:
    write("documented.tsv", ("method", "module", "scope"), methods(catalogue))
    write("documented_events.tsv", ("event", "module", "scope"), events(catalogue))


main(pathlib.Path(sys.argv[1]))
