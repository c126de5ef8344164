#!/usr/bin/env python3
"""Tests of the harness itself, without Portreeve: a server that answers each call with its documented sample must be found without
fault, and each key taken out of a sample, and each value of another type, must be found. usage: selftest.py [METHODS..]"""
import copy, http.server, json, os, re, sys, threading, unittest
import catalogue, compare
from portal import Answer, Portal
from replay import Replay
from judging import OPTIONAL, PORTAL_KEY

HERE = os.path.dirname(os.path.abspath(__file__))
METHODS = sys.argv[1:] or [os.path.join(HERE, '../../../shared/catalogue/methods')]
SAMPLES = catalogue.read(METHODS)


class Documented(http.server.BaseHTTPRequestHandler):
    """Answers with the samples."""
    protocol_version, wbufsize = 'HTTP/1.1', -1
    of = {(s.method.lower(), s.version): s for s in SAMPLES}

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        version = 'v3' if self.path.startswith('/rest/api/') else 'v2'
        method = self.path.rsplit('/', 1)[-1].lower()
        sample = self.of.get((method, version))
        if method == 'methods' and version == 'v2':
            body = {'result': [s.method for s in SAMPLES if s.version == 'v2']}
        elif sample is None:
            body = {'error': 'ERROR_METHOD_NOT_FOUND', 'error_description': 'Method not found!'}
        else:
            body = sample.answer or {'result': 7}
        text = json.dumps(body).encode()
        self.send_response(sample.status or 200 if sample else 200)
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Tests(unittest.TestCase):
    def test_documented_answers_are_without_fault(self):
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Documented)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        replay = Replay(Portal(f'http://127.0.0.1:{server.server_port}/rest/1/secret/'), SAMPLES)
        verdicts = list(replay.all([s for s in SAMPLES if s.method.lower() != 'methods'], with_errors=False))
        server.shutdown()
        wrong = [(v.method, v.verdict, v.reason, v.differences[:2]) for v in verdicts if v.verdict not in ('ok', 'skipped')]
        self.assertEqual(wrong, [])
        self.assertGreater(sum(v.verdict == 'ok' for v in verdicts), 0.9 * sum(s.answer is not None for s in SAMPLES))

    def test_small_cases(self):
        for documented, ours, kinds in [
                ({'id': 5}, {'ID': 5}, ['missing']), ({'id': 'x', 'de': 'x'}, {'en': 'x'}, []), ({'7': {'ID': '7'}}, {'9': {'ID': 9}}, ['type']),
                ([{'ID': '7'}], [], []), ([{'ID': '7'}], [{'ID': 7}], ['type']), ([{'A': 1}, {'A': 1, 'B': 2}], [{'A': 1}], []),
                ([{'A': 1}, {'A': 1}], [{'A': 1}, {'A': 'x'}], []), ({'A': None}, {'A': 7}, []), ({'A': None}, {}, ['missing']), ({'A': 7}, {'A': None}, []),
                ({'UF_CRM_12': 7, 'UF_DEPARTMENT': [1]}, {}, ['missing']), ({'A': []}, {'A': {'x': 1}}, []), ({'A': {}}, {'A': 'x'}, ['type']),
                ({'A': 1}, {'A': 1.5}, []), ([{'A': 0}, {'A': '1'}], [{'A': 0}], []), ([{'A': 0}, {'A': '1'}], [{'A': True}], ['type']), (True, False, ['value']), (None, 7, ['type']), ('7', 7, ['type'])]:
            with self.subTest(documented=documented, ours=ours):
                sample = catalogue.of({'method': 'a.b', 'response_example': {'result': documented}})
                c = compare.answers(sample, Answer(200, {'result': ours}))
                self.assertEqual([d.kind for d in c.differences], kinds)

    def test_what_was_sent_comes_back(self):
        sample = catalogue.of({'method': 'a.b', 'webhook_example_body': {'fields': {'storeId': 31}}, 'response_example': {'result': {'item': {'storeId': 31}}}})
        for ours, kinds in [(5, []), (None, ['lost'])]:
            c = compare.answers(sample, Answer(200, {'result': {'item': {'storeId': ours}}}), {'fields': {'storeId': 5}})
            self.assertEqual([d.kind for d in c.differences], kinds)

    def test_each_missing_key_is_found(self):
        for sample, answer, path, holder, key in places():
            value = holder.pop(key)
            self.found(sample, answer, path, 'missing')
            holder[key] = value

    def test_each_other_type_is_found(self):
        for sample, answer, path, holder, key in places():
            value, holder[key] = holder[key], 7 if isinstance(holder[key], (dict, list)) else {'?': 0}
            self.found(sample, answer, path, 'type')
            holder[key] = value

    def found(self, sample, answer, path, kind):
        c = compare.answers(sample, Answer(sample.status or 200, answer))
        self.assertTrue(any((d.kind, d.path) == (kind, path) for d in c.differences), f'{sample.name}: {kind} at {path} is not found')


def places():
    """Every place in a sample that must matter: not in a list or a map, where another row shows the same, and with a value."""
    def walk(v, path):
        for k, x in v.items():
            below = f'{path}.{k}' if path else k
            if re.fullmatch(PORTAL_KEY, k) or below in OPTIONAL or x is None or x == [] or x == {}:
                continue
            yield below, v, k
            if isinstance(x, dict) and not compare.is_map(x):
                yield from walk(x, below)
    for sample in SAMPLES:
        answer = copy.deepcopy(sample.answer)
        for path, holder, key in list(walk(answer or {}, '')):
            yield sample, answer, path, holder, key


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
