"""What the walks over faults share: the operator's API, and the protocol's table of errors.

OPERATOR is the URL of the operator's API, TOKEN its token, and FAULTS the table: code, status and words of each error.
"""

import json
import os
from urllib.request import Request, urlopen

TABLE = json.loads(os.environ["FAULTS"])


def ask(verb, path, body=None):
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(os.environ["OPERATOR"] + path, data, headers, method=verb)) as answer:
        return json.loads(answer.read() or "null")


def fail(code, status, times=None):
    """From here on `profile` fails so, as often as said."""
    rule = {"method": "profile", "effect": {"kind": "error", "code": code, "status": status}}
    ask("DELETE", "/faults")
    ask("POST", "/faults", rule if times is None else {**rule, "times": times})


def hits():
    return ask("GET", "/faults")["faults"][0]["hits"]
