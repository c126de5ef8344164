"""The plugin as a test uses it. `pytest_portreeve` is the installed package."""

import urllib.request

import pytest

from pytest_portreeve import CallError, StartError, start


def test_calls_are_asserted(portreeve):
    lead = portreeve.call("crm.lead.add", {"fields": {"TITLE": "Quay", "OPPORTUNITY": 5}})
    with urllib.request.urlopen(f"{portreeve.webhook}crm.lead.get.json?id={lead}") as answer:
        assert answer.status == 200

    portreeve.assert_called("crm.lead.add", times=1, fields={"TITLE": "Quay"})
    portreeve.assert_called("crm.lead.get", id=lead)
    with pytest.raises(AssertionError, match="crm.lead.add with .*Pier.* was not called"):
        portreeve.assert_called("crm.lead.add", fields={"TITLE": "Pier"})
    assert [call["method"] for call in portreeve.calls()] == ["crm.lead.add", "crm.lead.get"]


def test_nothing_is_left_of_the_test_before(portreeve):
    assert portreeve.call("crm.lead.list") == []
    assert [call["method"] for call in portreeve.calls()] == ["crm.lead.list"]
    assert portreeve.events.all() == []


def test_events_are_caught_and_repeated(portreeve):
    portreeve.clock.freeze()
    portreeve.events.answer(500)
    lead = portreeve.call("crm.lead.add", {"fields": {"TITLE": "Quay"}})
    event = portreeve.events.wait("ONCRMLEADADD")[0]
    assert event.data == {"FIELDS": {"ID": str(lead)}}
    assert event.auth["application_token"]
    portreeve.settle()
    portreeve.clock.move("1h")
    assert len(portreeve.events.wait("ONCRMLEADADD", count=2)) == 2
    with pytest.raises(AssertionError, match="0 of 1 ONCRMDEALADD"):
        portreeve.events.wait("ONCRMDEALADD", timeout=0.05)


def test_faults_are_made_and_end(portreeve):
    portreeve.faults.error("QUERY_LIMIT_EXCEEDED", method="crm.lead.*", times=1)
    with pytest.raises(CallError) as refused:
        portreeve.call("crm.lead.list")
    assert (refused.value.status, refused.value.code) == (503, "QUERY_LIMIT_EXCEEDED")
    assert portreeve.call("crm.lead.list") == []


def test_faults_are_made_again(portreeve):
    test_faults_are_made_and_end(portreeve)


def test_fixtures_and_snapshots(portreeve):
    portreeve.load({"records": [{"crm.contact.add": {"fields": {"NAME": "Anna"}}, "times": 3}]})
    portreeve.save("three")
    portreeve.call("crm.contact.delete", {"id": portreeve.call("crm.contact.list")[0]["ID"]})
    portreeve.restore("three")
    assert len(portreeve.call("crm.contact.list")) == 3


def test_a_program_that_is_not_there_is_named(monkeypatch):
    monkeypatch.delenv("PORTREEVE_BIN", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StartError, match="PORTREEVE_BIN"):
        start()


@pytest.mark.parametrize("number", range(200))
def test_two_hundred_tests(portreeve, number):
    """Each finds the portal empty: run with --durations to see what a reset costs."""
    portreeve.call("crm.lead.add", {"fields": {"TITLE": f"Lead {number}"}})
    assert [lead["TITLE"] for lead in portreeve.call("crm.lead.list")] == [f"Lead {number}"]
