"""The fixtures `portreeve_server` and `portreeve`."""

from __future__ import annotations

import shlex
from typing import Iterator

import pytest

from .portal import Portal, StartError, start


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("portreeve_binary", "Program to start [default: PORTREEVE_BIN, or portreeve on the PATH]")
    parser.addini("portreeve_fixtures", "Fixture files to load, relative to the folder of this file", type="paths")
    parser.addini("portreeve_events", "Events that portreeve.events catches", type="args", default=["all"])
    parser.addini("portreeve_args", "Further arguments of `portreeve serve`", default="")


@pytest.fixture(scope="session")
def portreeve_server(pytestconfig: pytest.Config) -> Iterator[Portal]:
    """A portal that all tests share; each worker of pytest-xdist has its own."""
    try:
        portal = start(
            binary=pytestconfig.getini("portreeve_binary") or None,
            fixtures=pytestconfig.getini("portreeve_fixtures"),
            events=",".join(pytestconfig.getini("portreeve_events")),
            args=shlex.split(pytestconfig.getini("portreeve_args")),
        )
    except StartError as error:
        # Once, instead of with every test.
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    yield portal
    portal.stop()


@pytest.fixture
def portreeve(portreeve_server: Portal) -> Portal:
    """The portal as it was at its start, whatever tests before did to it."""
    portreeve_server.reset()
    return portreeve_server
