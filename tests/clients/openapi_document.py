"""The OpenAPI document of a portal, held against a validator, against its own examples, and against what the portal answers.

DOCUMENT is the file with the document, HOOK a webhook with all scopes of a portal with demo data. Calls every operation with its example:
first those that read, then those that write. Prints an OK line for each thing that holds.
"""

import json
import os
import sys

import requests
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

HOOK = os.environ["HOOK"]
with open(os.environ["DOCUMENT"], encoding="utf-8") as file:
    DOCUMENT = json.load(file)
JSON = "application/json"


def operations():
    for path, item in DOCUMENT["paths"].items():
        yield path, item["post"]


def checker(schema):
    return Draft202012Validator({"components": DOCUMENT["components"], "allOf": [schema]})


def wrong(schema, value):
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in checker(schema).iter_errors(value)]


def request_of(operation):
    return operation["requestBody"]["content"][JSON]


def response_of(operation, status):
    responses = operation["responses"]
    found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
    if found and "$ref" in found:
        found = DOCUMENT["components"]["responses"][found["$ref"].rsplit("/", 1)[1]]
    return found


def is_valid():
    errors = [error.message[:300] for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]
    assert not errors, errors[:5]
    print("OK valid")


def examples_fit():
    off = []
    for path, operation in operations():
        content = request_of(operation)
        if "example" in content:
            off += [f"{path} {error}" for error in wrong(content["schema"], content["example"])]
    assert not off, "\n".join(off)
    print("OK examples fit")


def url_of(path):
    base, user, secret = HOOK.rstrip("/").rsplit("/", 2)
    root = base.removesuffix("/rest")
    return root + path.replace("{user}", user).replace("{secret}", secret)


def answers_fit():
    session = requests.Session()
    off, done = [], 0
    kinds = sorted(operations(), key=lambda one: one[1]["x-writes"])
    for path, operation in kinds:
        body = request_of(operation).get("example", {})
        answer = session.post(url_of(path), json=body, allow_redirects=False)
        found = response_of(operation, answer.status_code)
        if found is None or answer.status_code >= 500:
            off.append(f"{path} answered {answer.status_code}: {answer.text[:200]}")
            continue
        done += answer.status_code == 200
        if "content" in found:
            assert answer.headers["content-type"].startswith(JSON), (path, answer.headers)
            off += [f"{path} {error}" for error in wrong(found["content"][JSON]["schema"], answer.json())]
    assert not off, f"{len(off)} off\n" + "\n".join(off)
    print(f"OK {done} answers fit")


checks = {"valid": is_valid, "examples": examples_fit, "answers": answers_fit}
for name in sys.argv[1:] or checks:
    checks[name]()
