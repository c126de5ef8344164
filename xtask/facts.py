#!/usr/bin/env python3
"""Writes crates/portal/src/describe/documented.tsv: the documented methods that a webhook may call.

Usage: xtask/facts.py CATALOGUE_DIRECTORY
"""
import csv
import pathlib
import sys

# Where the documentation and the protocol differ, the protocol wins (7.4).
ANSWERED = {"app.info"}
REFUSED = "imopenlines.bot.session."
TARGET = pathlib.Path(__file__).parent.parent / "crates/portal/src/describe/documented.tsv"


def main(catalogue: pathlib.Path) -> None:
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
    with open(TARGET, "w", newline="", encoding="utf-8") as target:
        table = csv.writer(target, delimiter="\t", lineterminator="\n")
        table.writerow(("method", "module", "scope"))
        table.writerows(methods[name] for name in sorted(methods))


main(pathlib.Path(sys.argv[1]))
