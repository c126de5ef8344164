"""The operator's API over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

# The portal is on this machine, wherever a proxy may lead.
_opener = build_opener(ProxyHandler({}))


class Refused(Exception):
    """A refusal with its HTTP status, its code and its words."""

    def __init__(self, status: int, code: str, description: str):
        super().__init__(f"{status} {code}: {description}")
        self.status, self.code, self.description = status, code, description


class OperatorError(Refused):
    """What the operator's API refused."""


class Operator:
    """The operator's API of a portal."""

    def __init__(self, url: str, token: str):
        self._url, self._token = url, token

    def ask(self, verb: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:
        """Sends a request and returns what is answered, or None."""
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        url = f"{self._url}{path}" + (f"?{urlencode(given)}" if given else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            with _opener.open(Request(url, data, headers, method=verb), timeout=120) as answer:
                text = answer.read()
        except HTTPError as error:
            raise refusal(error, OperatorError) from None
        return json.loads(text) if text else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def refusal(error: HTTPError, kind: type[Refused]) -> Refused:
    """Reads a refusal, whose body need not be JSON."""
    text = error.read().decode(errors="replace")
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        said = {"error_description": text}
    return kind(error.code, str(said.get("error", "")), str(said.get("error_description", "")))
