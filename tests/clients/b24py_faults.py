"""b24pysdk from PyPI, unmodified, against a portal where every error of the protocol's table is made on demand.

HOOK is a webhook; see operator_faults for the rest. Each error has to be raised as what its code says, and one that passes has
to be got over.
"""

import os
from urllib.parse import urlsplit

from b24pysdk import BitrixWebhook, errors

from operator_faults import TABLE, fail, hits

# Under a name that is not made of the code.
NAMED = {"NO_AUTH_FOUND": errors.oauth.BitrixOAuthNoAuthFound}


def kind(code, status):
    name = "BitrixAPI" + "".join(word.capitalize() for word in code.split("_"))
    return NAMED.get(code) or getattr(errors, name, None) or BY_STATUS.get(status, errors.BitrixAPIError)


BY_STATUS = {
    400: errors.BitrixAPIBadRequest, 404: errors.BitrixAPINotFound, 405: errors.BitrixAPIMethodNotAllowed,
    500: errors.BitrixAPIInternalServerError,
}


def raised(token, code, status):
    fail(code, status)
    try:
        token.call_method("profile")
    except errors.BitrixSDKException as error:
        wanted = kind(code, status)
        assert isinstance(error, wanted), (code, status, type(error), wanted)
        assert error.json_response["error"] == code and error.status_code == status, (code, error.json_response)
    else:
        raise AssertionError(f"{code} was not raised")


def main():
    parts = urlsplit(os.environ["HOOK"])
    _, user, secret, *_ = parts.path.strip("/").split("/")
    token = BitrixWebhook(domain=parts.hostname, webhook_token=f"{user}/{secret}")
    for code, status, _words in TABLE:
        raised(token, code, status)
    fail("QUERY_LIMIT_EXCEEDED", 503, times=1)
    assert token.call_method("profile")["result"]["ID"] == "1"
    assert hits() == 1
    print(f"OK {len(TABLE)} faults")


main()
