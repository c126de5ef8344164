#!/usr/bin/env python3
"""Keeps a small database of a release in crates/portal/tests/releases, so that tests bring it up to date from then on: for each
engine the demo portal's database, its key, and what a webhook asked it, with the answers that it gave.

Usage: xtask/release.py NAME [PROGRAM]
PORTREEVE_TEST_POSTGRES names the PostgreSQL server; pg_dump and psql must be installed.
"""
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).parent.parent
LISTEN = "127.0.0.1:9777"
# Answers that say when they were asked, or how busy the portal is.
PASSING = ("server.time", "method.get", "app.info", "event.")


def ask(url: str, method: str, params: dict):
    request = urllib.request.Request(
        url + method, json.dumps(params).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as reply:
            # A method may answer with a picture.
            return json.load(reply) if reply.headers.get_content_type() == "application/json" else None
    except urllib.error.HTTPError:
        return None


def questions(program: str):
    """Every method that only reads rows, with the parameters of its first example."""
    described = json.loads(subprocess.run([program, "describe"], capture_output=True, check=True).stdout)
    for method in described["methods"]:
        name = method["method"]
        if method["writes"] or method["needs_application"] or not method["examples"] or name.startswith(PASSING):
            continue
        if re.search(r"(get|list)$", name, re.IGNORECASE):
            yield name, method["examples"][0]["params"]


def demo(program: str, data: str, *database: str):
    """Runs a portal with demo data, and gives the address of its webhook and what it answers."""
    command = [program, "--data", data, *database, "demo", "--tls", "off", "--listen", LISTEN, "--limits", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as portal:
        try:
            url = next(line.split()[1] for line in portal.stdout if line.startswith("Webhook"))
            asked = []
            for method, params in questions(program):
                answer = ask(url, method, params)
                if answer is not None:
                    asked.append({"method": method, "params": params, "answer": {
                        key: value for key, value in answer.items() if key in ("result", "total", "next")}})
        finally:
            portal.terminate()
    return {"url": url.removeprefix(f"http://{LISTEN}"), "asked": asked}


def keep(path: pathlib.Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, mtime=0))


def main() -> None:
    name, program = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/debug/portreeve")
    folder = ROOT / "crates/portal/tests/releases" / name
    folder.mkdir(parents=True)
    server = os.environ["PORTREEVE_TEST_POSTGRES"]
    database = f"portreeve_release_{os.getpid()}"
    own = re.sub(r"/[^/]*$", f"/{database}", server)
    subprocess.run(["psql", "-q", server, "-c", f"CREATE DATABASE {database}"], check=True)
    try:
        for engine, options in (("sqlite", []), ("postgres", ["--database", own])):
            with tempfile.TemporaryDirectory() as data:
                asked = demo(program, data, *options)
                keep(folder / f"{engine}.json.gz", json.dumps(asked, ensure_ascii=False).encode())
                (folder / f"{engine}.key").write_bytes((pathlib.Path(data) / "portreeve.key").read_bytes())
                if engine == "sqlite":
                    keep(folder / "sqlite.db.gz", (pathlib.Path(data) / "portreeve.db").read_bytes())
                else:
                    dump = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", own]
                    script = subprocess.run(dump, capture_output=True, check=True, text=True).stdout
                    # Meta-commands are psql's own.
                    lines = (line for line in script.splitlines() if not line.startswith("\\"))
                    keep(folder / "postgres.sql.gz", "\n".join(lines).encode())
            print(f"{engine}: {len(asked['asked'])} answers")
    finally:
        subprocess.run(["psql", "-q", server, "-c", f"DROP DATABASE {database} WITH (FORCE)"], check=True)


main()
