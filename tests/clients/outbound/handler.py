"""A handler of an outbound webhook that verifies signatures with `standardwebhooks` from PyPI, unmodified.

Listens on PORT and knows SECRET. Answers 200 with the event and the item's number, or 403 with the reason.
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["SECRET"])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        try:
            WEBHOOK.verify(body, dict(self.headers), json_parse=False)
        except WebhookVerificationError as error:
            return self.answer(403, f"refused: {error}")
        if self.verifies(body + "&x=1") or self.verifies(body, **{"webhook-id": "msg_other"}):
            return self.answer(500, "a forgery was taken for the real thing")
        fields = parse_qs(body)
        self.answer(200, f"verified {fields['event'][0]} {fields['data[FIELDS][ID]'][0]}")

    def verifies(self, body, **changed):
        try:
            WEBHOOK.verify(body, {**{name.lower(): value for name, value in self.headers.items()}, **changed}, json_parse=False)
        except WebhookVerificationError:
            return False
        return True

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
print("started", file=sys.stderr, flush=True)
server.serve_forever()
