"""A portal that runs, and everything that a test does with it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Iterator, Sequence
from urllib.error import HTTPError
from urllib.request import Request

from .events import Events
from .operator import Operator, Refused, _opener, refusal


class StartError(Exception):
    """Why the portal did not start."""


class CallError(Refused):
    """An error of the protocol."""


class Clock:
    """The portal's clock."""

    def __init__(self, operator: Operator):
        self._operator = operator

    def show(self) -> dict[str, Any]:
        """Returns the time, by how many seconds it is ahead, and whether it is frozen."""
        return self._operator.ask("GET", "/clock")

    def move(self, by: str) -> dict[str, Any]:
        """Moves it: `2h`, `-3d`, `90s`. Deadlines, retries and jobs follow."""
        return self._operator.ask("PUT", "/clock", {"by": by})

    def set(self, to: str) -> dict[str, Any]:
        """Sets it to a moment: `2027-01-01T12:00:00Z`."""
        return self._operator.ask("PUT", "/clock", {"to": to})

    def freeze(self, at: str | None = None) -> dict[str, Any]:
        """Stops it, where it is or at a moment."""
        return self._operator.ask("PUT", "/clock", {"frozen": True, **({"to": at} if at else {})})

    def thaw(self) -> dict[str, Any]:
        """Lets it go on from where it stands."""
        return self._operator.ask("PUT", "/clock", {"frozen": False})

    def reset(self) -> dict[str, Any]:
        """Shows the machine's time again."""
        return self._operator.ask("DELETE", "/clock")


class Faults:
    """Faults on demand; docs/sandbox.md has the rules."""

    def __init__(self, operator: Operator):
        self._operator = operator

    def add(self, **rule: Any) -> dict[str, Any]:
        """Adds a rule: `add(method="crm.*", times=1, effect={"kind": "error", "code": "QUERY_LIMIT_EXCEEDED"})`."""
        return self._operator.ask("POST", "/faults", rule)

    def error(self, code: str, method: str = "*", **rule: Any) -> dict[str, Any]:
        """Adds a rule by which calls fail with an error of the protocol."""
        return self.add(method=method, effect={"kind": "error", "code": code}, **rule)

    def all(self) -> Any:
        """Lists the rules."""
        return self._operator.ask("GET", "/faults")

    def clear(self) -> None:
        """Removes all rules."""
        self._operator.ask("DELETE", "/faults")


class Portal:
    """A portal of one's own: see :func:`start`."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, urls: tuple[str, str], secret: str, token: str, events: Events):
        self._process, self._folder = process, folder
        self.url = urls[0]
        """Where it listens."""
        self.webhook = f"{urls[0]}/rest/1/{secret}/"
        """An inbound webhook of the administrator with all scopes."""
        self.operator = Operator(urls[1], token)
        """The operator's API, for what has no method here."""
        self.events = events
        """Catches the events of the portal."""
        self.clock = Clock(self.operator)
        self.faults = Faults(self.operator)

    def call(self, method: str, params: dict[str, Any] | None = None, webhook: str | None = None) -> Any:
        """Calls a method and returns its result. Tests of a client use the client instead."""
        body = json.dumps(params or {}).encode()
        request = Request(f"{webhook or self.webhook}{method}", body, {"Content-Type": "application/json"})
        try:
            with _opener.open(request, timeout=120) as answer:
                return json.load(answer)["result"]
        except HTTPError as error:
            raise refusal(error, CallError) from None

    def calls(self, method: str | None = None, **query: Any) -> list[dict[str, Any]]:
        """Returns calls since the last reset, oldest first, of methods with this in their names; of the newest 500."""
        page = self.operator.ask("GET", "/calls", query={"method": method, "limit": 500, **query})
        return list(reversed(page["calls"]))

    def assert_called(self, method: str, times: int | None = None, **params: Any) -> list[dict[str, Any]]:
        """Fails unless this method was called with these parameters, `times` times where given."""
        __tracebackhide__ = True
        of_method = [call for call in self.calls(method) if call["method"].lower() == method.lower()]
        found = [call for call in of_method if _has(call["params"], params)]
        if not found if times is None else len(found) != times:
            wanted = f"{method} with {params}" if params else method
            seen = [call["params"] for call in of_method] or [call["method"] for call in self.calls()]
            told = "was not called" if times is None else f"was called {len(found)} times instead of {times}"
            raise AssertionError(f"{wanted} {told}; calls: {seen}")
        return found

    def settle(self, timeout: float = 5.0) -> None:
        """Waits until no event is on its way any more; fails after `timeout` seconds."""
        __tracebackhide__ = True
        settled = self.operator.ask("POST", "/deliveries/settle", {"timeout_ms": int(timeout * 1000)})
        if not settled["settled"]:
            raise AssertionError(f"{settled['at_work']} deliveries were still on their way after {timeout} s")

    def load(self, fixtures: dict[str, Any]) -> Any:
        """Loads fixtures: departments, users and records. Webhooks come from files at the start only."""
        return self.operator.ask("POST", "/fixtures", fixtures)

    def reset(self, to: str = "start") -> None:
        """Brings back the portal as it was at its start; caught events are forgotten. `empty` and `demo` have no webhooks."""
        self.operator.ask("POST", "/reset", {"to": to})
        self.events.clear()

    def save(self, name: str) -> None:
        """Saves a snapshot."""
        self.operator.ask("PUT", f"/snapshots/{name}")

    def restore(self, name: str) -> None:
        """Brings back a snapshot; caught events are forgotten."""
        self.operator.ask("POST", "/reset", {"snapshot": name})
        self.events.clear()

    def stop(self) -> None:
        """Stops it and deletes its data."""
        self._process.terminate()
        self._process.communicate()
        self.events.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _has(given: Any, wanted: Any) -> bool:
    """Whether parameters have these in them; a form sends all values as texts."""
    if isinstance(wanted, dict):
        given = {} if not isinstance(given, dict) else given
        return all(name in given and _has(given[name], value) for name, value in wanted.items())
    if isinstance(wanted, (list, tuple)):
        return isinstance(given, list) and len(given) == len(wanted) and all(map(_has, given, wanted))
    return given == wanted or str(given) == str(wanted)


@contextlib.contextmanager
def _discarded_on_failure(folder: Path, events: Events) -> Iterator[None]:
    try:
        yield
    except BaseException:
        events.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def start(
    binary: str | os.PathLike[str] | None = None,
    fixtures: Sequence[str | os.PathLike[str]] = (),
    events: str | Sequence[str] = "all",
    args: Sequence[str] = (),
) -> Portal:
    """Starts a portal in a folder of its own.

    `binary` is the program, otherwise PORTREEVE_BIN or `portreeve` on the PATH. `fixtures` are files to load, `events` the
    names of those that `portal.events` catches, and `args` further arguments of `portreeve serve`.
    """
    program = str(binary or os.environ.get("PORTREEVE_BIN") or shutil.which("portreeve") or "")
    if not program:
        raise StartError("portreeve is not on the PATH; install it, or say where it is in PORTREEVE_BIN")
    folder, catcher = Path(tempfile.mkdtemp(prefix="portreeve-")), Events()
    with _discarded_on_failure(folder, catcher):
        secret, token = secrets.token_hex(8), secrets.token_hex(16)
        own = {
            "webhooks": [{"name": "tests", "scopes": "all", "secret": secret}],
            "handlers": [{"name": "tests", "url": catcher.url, "events": events, "application_token": secrets.token_hex(16)}],
        }
        file = folder / "tests.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(own))
        command = [program, "serve", "--data", str(folder / "data"), "--listen", "127.0.0.1:0", "--log", "warn"]
        command += ["--operator-listen", "127.0.0.1:0", "--allow-handlers", "127.0.0.1"]
        for path in [file, *fixtures]:
            command += ["--fixtures", str(path)]
        environment = {"PORTREEVE_ADMIN_PASSWORD": secrets.token_hex(16), **os.environ, "PORTREEVE_OPERATOR_TOKEN": token}
        with open(folder / "log", "w+") as log:
            process = subprocess.Popen(
                [*command, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
            )
            urls = [_url(process) for _ in range(2)]
            if None in urls:
                process.kill()
                process.communicate()
                log.seek(0)
                raise StartError(f"the portal did not start: {log.read()[-4000:]}")
        return Portal(process, folder, (urls[0], urls[1]), secret, token, catcher)


def _url(process: subprocess.Popen[str]) -> str | None:
    """The next line ends with a URL: of the portal, then of the operator's API."""
    line = process.stdout.readline().split()
    return line[-1].rstrip("/") if line and line[-1].startswith("http") else None
