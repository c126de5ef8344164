"""A handler that catches events."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Event:
    """A request that the handler got."""

    name: str
    """The name of the event: ONCRMLEADADD."""
    data: dict[str, Any]
    """What it is about: {"FIELDS": {"ID": "1"}}."""
    auth: dict[str, Any] = field(repr=False)
    """What the handler checks: application_token and so on."""
    headers: dict[str, str] = field(repr=False)
    """The headers, their names in lower case."""
    body: bytes = field(repr=False)
    """The body as it came, of which the signature is."""


class Events:
    """Catches the events of a portal, in the order in which they came."""

    def __init__(self) -> None:
        self._caught: list[Event] = []
        self._changed = threading.Condition()
        self._statuses: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the handler listens."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def all(self, name: str | None = None) -> list[Event]:
        """Returns what came since the last reset: all events, or those with this name."""
        with self._changed:
            return [event for event in self._caught if name in (None, event.name)]

    def wait(self, name: str | None = None, count: int = 1, timeout: float = 5.0) -> list[Event]:
        """Waits until as many events came and returns them; fails after `timeout` seconds."""
        __tracebackhide__ = True
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                found = self.all(name)
                left = end - time.monotonic()
                if len(found) >= count:
                    return found
                if left <= 0:
                    names = [event.name for event in self._caught]
                    raise AssertionError(f"{len(found)} of {count} {name or 'events'} came within {timeout} s; caught: {names}")
                self._changed.wait(left)

    def answer(self, *statuses: int) -> None:
        """Answers the next requests with these HTTP statuses, and 200 after them."""
        with self._changed:
            self._statuses = list(statuses)

    def clear(self) -> None:
        """Forgets what came, and answers 200 from now on."""
        with self._changed:
            self._caught.clear()
            self._statuses.clear()

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, headers: dict[str, str], body: bytes) -> int:
        form = _nested(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        event = Event(str(form.get("event", "")), _map(form.get("data")), _map(form.get("auth")), headers, body)
        with self._changed:
            self._caught.append(event)
            self._changed.notify_all()
            return self._statuses.pop(0) if self._statuses else 200


def _handler(events: Events) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = events._take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`data[FIELDS][ID]=1` as nested dictionaries."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        keys = name.replace("]", "").split("[")
        inner = whole
        for key in keys[:-1]:
            step = inner.setdefault(key, {})
            inner = step if isinstance(step, dict) else inner.__setitem__(key, {}) or inner[key]
        inner[keys[-1]] = value
    return whole
