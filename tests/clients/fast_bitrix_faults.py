"""fast_bitrix24 from PyPI, unmodified, against a portal where every error of the protocol's table is made on demand.

HOOK is a webhook; see operator_faults for the rest. What the server is at fault for is tried again by itself; the rest is raised with
its status.
"""

import asyncio
import os

from aiohttp import ClientResponseError
from fast_bitrix24 import BitrixAsync

from operator_faults import TABLE, fail, hits


async def met(code, status):
    # A new one each time: after failures it takes its time.
    portal = BitrixAsync(os.environ["HOOK"], verbose=False)
    again = status // 100 == 5
    fail(code, status, times=1 if again else None)
    try:
        answer = await portal.call("profile", {"select": ["ID"]}, raw=True)
    except ClientResponseError as error:
        assert error.status == status and not again, (code, error.status)
        return
    if again:
        assert answer["result"]["ID"] == "1" and hits() == 1, (code, answer)
    else:
        assert status == 200 and answer["error"] == code, (code, answer)


async def main():
    for code, status, _words in TABLE:
        await met(code, status)
    print(f"OK {len(TABLE)} faults")


asyncio.run(main())
