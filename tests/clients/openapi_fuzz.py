"""Schemathesis from PyPI, unmodified, against a portal: no failure of the server, and no answer outside of its description.

DOCUMENT is the file with the document, HOOK a webhook, EXAMPLES how many requests are made of each operation, SEED what they
are made from, and MODULES, separated by commas, which are called; without it all are. No answer may have the text FOREIGN, if there is
one: it stands in what the webhook's owner may not see. Prints an OK line.
"""

import json
import os
import subprocess
import sys
import tempfile

base, user, secret = os.environ["HOOK"].rstrip("/").rsplit("/", 2)
with open(os.environ["DOCUMENT"], encoding="utf-8") as file:
    document = json.load(file)

# Who calls is no matter of chance.
paths = {}
for path, item in document["paths"].items():
    item.pop("parameters")
    paths[path.replace("{user}", user).replace("{secret}", secret)] = item
document["paths"] = paths

# A request that has the text may have it answered: errors repeat what they complain about.
FOREIGN = """
import os
import schemathesis

@schemathesis.check
def nothing_foreign(context, response, case):
    text = os.environ["FOREIGN"]
    sent = str(case.body) + str(case.query) + str(response.request.url)
    assert text in sent or text not in response.text, f"{response.request.url} answers what is somebody else's"
"""

checks = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
with tempfile.TemporaryDirectory() as folder:
    flat = os.path.join(folder, "openapi.json")
    with open(flat, "w", encoding="utf-8") as file:
        json.dump(document, file)
    environment = dict(os.environ)
    if os.environ.get("FOREIGN"):
        with open(os.path.join(folder, "foreign.py"), "w", encoding="utf-8") as file:
            file.write(FOREIGN)
        environment |= {"SCHEMATHESIS_HOOKS": "foreign", "PYTHONPATH": folder}
        checks.append("nothing_foreign")
    # Not by the name of its program, which has the folder in it where it was installed first.
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", flat, "--url", base.removesuffix("/rest"),
        "--checks", ",".join(checks), "--phases", "examples,fuzzing", "--max-examples", os.environ["EXAMPLES"], "--seed", os.environ["SEED"],
        "--generation-database", "none", "--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off", "--no-color",
        "--max-redirects", "0",
    ]
    for module in filter(None, os.environ.get("MODULES", "").split(",")):
        command += ["--include-tag", module]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

assert ended.returncode == 0, ended.stdout[-100000:].replace(secret, "******") + ended.stderr
print("OK within its description")
