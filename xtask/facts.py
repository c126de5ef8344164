#!/usr/bin/env python3
"""Writes what is documented into crates/portal/src/describe: documented.tsv, the methods that a webhook may
call, and documented_events.tsv, the events that an outbound webhook may listen to; and into crates/portal/tests
documented.json, for each of these methods its parameters (`*` behind those that are required) and the types of its answer.

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


def shape(value, depth: int = 0):
    """The types of a sample, down to four levels; of a list its first member, under `#` that of a map by number."""
    if isinstance(value, dict):
        if depth == 4:
            return {}
        numbered = value and all(key.isdigit() for key in value)
        members = [("#", next(iter(value.values())))] if numbered else value.items()
        return {key: shape(member, depth + 1) for key, member in members}
    if isinstance(value, list):
        return [shape(value[0], depth + 1)] if value else []
    if value is None:
        return None
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "string"


def signatures(catalogue: pathlib.Path, names: set):
    found = {}
    for path in sorted((catalogue / "methods").glob("*.json")):
        for method in json.loads(path.read_text(encoding="utf-8")):
            name = method["method"]
            if name not in names or (name in found and method["rest_version"] == "v3"):
                continue
            facts = {}
            if method["params_documented"]:
                facts["params"] = [param["name"] + "*" * param["required"] for param in method["params"]]
            if "result" in (method["response_example"] or {}):
                facts["answer"] = shape(method["response_example"]["result"])
            found[name] = facts
    return found


def write_signatures(catalogue: pathlib.Path, names: set) -> None:
    found = signatures(catalogue, names)
    lines = (f"{json.dumps(name)}: {json.dumps(facts, separators=(',', ':'))}" for name, facts in sorted(found.items()))
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (DIRECTORY.parent.parent / "tests/documented.json").write_text(text, encoding="utf-8")


def main(catalogue: pathlib.Path) -> None:
    listed = list(methods(catalogue))
    write("documented.tsv", ("method", "module", "scope"), listed)
    write_signatures(catalogue, {name for name, _, _ in listed})
    write("documented_events.tsv", ("event", "module", "scope"), events(catalogue))


main(pathlib.Path(sys.argv[1]))
