"""The official client of the Model Context Protocol, unmodified, against a portal.

HOOK is the URL for models of a webhook with the scopes crm and user, NARROW of one with the scope department, READING that of one that may
only read. Each is used in both lifecycles of the protocol. Prints an OK line for each thing that holds.
"""

import asyncio
import json
import os

from mcp.client import Client

HOOK, NARROW, READING = os.environ["HOOK"], os.environ["NARROW"], os.environ["READING"]
GENERAL = ["find_methods", "describe_method", "read_method", "write_method"]


def told(result):
    return json.loads(result.content[0].text)


def refused(result):
    assert result.is_error, result
    return result.content[0].text


async def tools(client):
    return {tool.name: tool for tool in (await client.list_tools()).tools}


async def lists(client):
    found = await tools(client)
    assert list(found) == GENERAL, list(found)
    marks = [found[name].annotations.read_only_hint for name in GENERAL]
    assert marks == [True, True, True, False], marks
    print("OK lists")


async def finds(client):
    found = told(await client.call_tool("find_methods", {"words": "add a deal", "limit": 3}))
    assert found["methods"][0]["method"] == "crm.deal.add", found
    assert len(found["methods"]) == 3 and found["next_offset"] == 3, found
    assert not told(await client.call_tool("find_methods", {"words": "disk folder upload", "limit": 50}))["methods"][0]["method"].startswith("disk")
    described = told(await client.call_tool("describe_method", {"method": "crm.deal.add"}))
    assert described["writes"] and described["params"]["properties"]["fields"]["properties"]["TITLE"]["type"] == "string", described
    print("OK finds and describes")


async def calls(client):
    for number in range(51):
        added = told(await client.call_tool("write_method", {"method": "crm.deal.add", "params": {"fields": {"TITLE": f"Berth {number}"}}}))
    read = {"method": "crm.deal.get", "params": {"id": added["result"]}}
    assert told(await client.call_tool("read_method", read))["result"]["TITLE"] == "Berth 50"
    assert told(await client.call_tool("crm_deal_get", {"id": added["result"]}))["result"]["TITLE"] == "Berth 50"
    page = await client.call_tool("read_method", {"method": "crm.deal.list", "params": {"select": ["ID"]}})
    assert told(page)["total"] >= 51 and '"start": 50' in page.content[1].text, page
    item = await client.call_tool("read_method", {"method": "main.eventlog.list", "version": "v3"})
    assert "INSUFFICIENTSCOPEEXCEPTION" in refused(item), item
    print("OK calls")


async def errors(client):
    wrong = refused(await client.call_tool("read_method", {"method": "crm.deal.gett", "params": {"id": 1}}))
    assert "ERROR_METHOD_NOT_FOUND" in wrong, wrong
    missing = refused(await client.call_tool("read_method", {"method": "crm.deal.get", "params": {"id": 999999}}))
    assert "Not found" in missing and "400" in missing, missing
    outside = refused(await client.call_tool("read_method", {"method": "disk.storage.getlist"}))
    assert "insufficient_scope" in outside and "does not have the permission disk" in outside, outside
    writing = refused(await client.call_tool("read_method", {"method": "crm.deal.add", "params": {"fields": {}}}))
    assert "write_method" in writing, writing
    unknown = refused(await client.call_tool("write_method", {"method": "crm.deal.add", "parameters": {"fields": {}}}))
    assert "takes no parameters" in unknown and "params" in unknown, unknown
    assert "needs words" in refused(await client.call_tool("find_methods", {}))
    hidden = {"method": "batch", "params": {"cmd": ["crm.deal.add?fields[TITLE]=x"]}}
    assert "write_method" in refused(await client.call_tool("read_method", hidden))
    assert "permission disk" in refused(await client.call_tool("describe_method", {"method": "disk.storage.getlist"}))
    print("OK errors")


async def narrow(client):
    found = await tools(client)
    assert found["department_add"].annotations.destructive_hint is False, list(found)
    assert found["department_get"].annotations.read_only_hint and found["department_delete"].annotations.destructive_hint
    assert found["department_add"].input_schema["required"] == ["NAME", "PARENT"], found["department_add"]
    assert told(await client.call_tool("department_get", {"ID": 1}))["result"][0]["ID"] == "1"
    print("OK few methods are tools")


async def reads(client):
    found = await tools(client)
    assert "write_method" not in found and all(tool.annotations.read_only_hint for tool in found.values()), list(found)
    for tool in ["write_method", "read_method"]:
        text = refused(await client.call_tool(tool, {"method": "department.add", "params": {"NAME": "x", "PARENT": 1}}))
        assert "insufficient_scope" in text, text
    assert "insufficient_scope" in refused(await client.call_tool("department_delete", {"ID": 1}))
    names = [one["method"] for one in told(await client.call_tool("find_methods", {"words": "department"}))["methods"]]
    assert "department.get" in names and "department.add" not in names, names
    print("OK only reads")


async def turned_away():
    parts = HOOK.rsplit("/", 1)
    try:
        async with Client(f"{parts[0]}/wrong") as client:
            await client.list_tools()
    except BaseException as error:  # The SDK raises groups of what its tasks met.
        assert "wrong" not in str(error), error
        print("OK turned away")
    else:
        raise AssertionError("a wrong secret was let in")


async def main():
    for mode in ["legacy", "auto"]:
        async with Client(HOOK, mode=mode) as client:
            await lists(client)
            await finds(client)
            await calls(client)
            await errors(client)
        async with Client(NARROW, mode=mode) as client:
            await narrow(client)
        for url in [READING, f"{NARROW}?readonly"]:
            async with Client(url, mode=mode) as client:
                await reads(client)
    await turned_away()


asyncio.run(main())
