//! Python: fast_bitrix24 for calls, the standard library for handlers.

use super::literal::{Syntax, double};
use super::{Ask, File, Handler, KEEP_TOKEN, KEEP_URL, plain, readme};

const SYNTAX: Syntax = Syntax { map: ("{", "}"), to: ": ", key: double, text: double };

/// The version with which the example was tried, and those that promise to be like it.
const SDK: &str = "fast_bitrix24>=1.8.14,<2";

pub fn call(ask: &Ask) -> Vec<File> {
    let params = SYNTAX.write(&plain(&ask.params().into()), 0);
    let (webhook, method) = (double(&ask.webhook), &ask.method);
    let text = format!(
        "\"\"\"Calls {method} and prints what the portal answers.\"\"\"\n\n\
         import json\n\n\
         from fast_bitrix24 import Bitrix\n\n\
         # Whoever has this URL acts in its owner's name: keep it secret.\n\
         WEBHOOK = {webhook}\n\n\
         PARAMS = {params}\n\n\
         portal = Bitrix(WEBHOOK)\n\
         answer = portal.call({}, PARAMS, raw=True)\n\
         print(json.dumps(answer[\"result\"], indent=2, ensure_ascii=False))\n",
        double(method)
    );
    let steps = "python3 -m venv venv\nvenv/bin/pip install -r requirements.txt\nvenv/bin/python call.py";
    let notes = [
        "Lists of any length are read by `portal.get_all(method, params)`, which asks for many pages at once.",
    ];
    let about = readme(&format!("{method} with fast_bitrix24"), KEEP_URL, steps, &notes);
    let requirements = File { name: "requirements.txt", text: format!("{SDK}\n") };
    vec![File { name: "call.py", text }, requirements, about]
}

pub fn handler(handler: &Handler) -> Vec<File> {
    let token = double(&handler.token);
    let known = handler.cases(|event| format!("    \"{event}\",\n"));
    let text = format!(
        "\"\"\"Takes events of a portal.\"\"\"\n\n\
         import hmac\n\
         import os\n\
         from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n\
         from urllib.parse import parse_qs\n\n\
         # By this token you know that an event comes from your portal: keep it secret.\n\
         APPLICATION_TOKEN = {token}\n\
         MAX_BYTES = 1024 * 1024\n\
         EVENTS = {{\n{known}}}\n\n\n\
         def handle(form):\n    \
             \"\"\"Gives the status to answer with.\"\"\"\n    \
             given = form.get(\"auth[application_token]\", [\"\"])[0]\n    \
             if not hmac.compare_digest(given.encode(), APPLICATION_TOKEN.encode()):\n        \
                 return 403\n    \
             event = form.get(\"event\", [\"\"])[0]\n    \
             if event in EVENTS:\n        \
                 # What it happened to, for most events.\n        \
                 print(event, form.get(\"data[FIELDS][ID]\", [\"\"])[0], flush=True)\n    \
             # Answer within seconds; do what takes longer afterwards. Any status but 2xx means: send it again later.\n    \
             return 200\n\n\n\
         class Handler(BaseHTTPRequestHandler):\n    \
             def do_POST(self):\n        \
                 length = int(self.headers.get(\"Content-Length\") or 0)\n        \
                 if length > MAX_BYTES:\n            \
                     self.send_response(413)\n        \
                 else:\n            \
                     self.send_response(handle(parse_qs(self.rfile.read(length).decode())))\n        \
                 self.send_header(\"Content-Length\", \"0\")\n        \
                 self.end_headers()\n\n\n\
         server = ThreadingHTTPServer((\"\", int(os.environ.get(\"PORT\", \"3000\"))), Handler)\n\
         print(\"Listening on\", server.server_port, flush=True)\n\
         server.serve_forever()\n"
    );
    let known_to_be_empty = text.replace("EVENTS = {\n}\n", "EVENTS = set()\n");
    let notes = [
        "Python 3.9 or newer is needed, and nothing else. Let your portal reach it, and put its address into the outbound webhook.",
    ];
    let about = readme("A handler in Python", KEEP_TOKEN, "PORT=3000 python3 handler.py", &notes);
    vec![File { name: "handler.py", text: known_to_be_empty }, about]
}
