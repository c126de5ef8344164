"""Calls methods of a portal over one kept connection."""
import http.client, json, urllib.parse
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    body: Any               # the decoded JSON, or None

    @property
    def error(self):
        """(code, text) of an error answer, of either version; None of a good one."""
        if not isinstance(self.body, dict):
            return ('not JSON', f'HTTP {self.status}')
        e = self.body.get('error')
        if isinstance(e, dict):
            return (e.get('code'), str(e.get('message') or ''))
        if 'error' in self.body:
            return (e, str(self.body.get('error_description') or ''))
        return None if 'result' in self.body else ('no result', f'HTTP {self.status}')

    @property
    def unknown_method(self):
        return self.error is not None and self.error[0] in ('ERROR_METHOD_NOT_FOUND', 'METHOD_NOT_FOUND', 'BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION')

    @property
    def needs_application(self):
        return self.error is not None and (self.error[0] in ('WRONG_AUTH_TYPE', 'ERROR_WRONG_CONTEXT') or 'pplication context' in self.error[1])


class Portal:
    def __init__(self, url):
        self.url = urllib.parse.urlsplit(url.strip())
        self.path = self.url.path.rstrip('/') + '/'             # /rest/1/secret/
        self.owner = int(self.path.strip('/').split('/')[-2])
        kind = http.client.HTTPSConnection if self.url.scheme == 'https' else http.client.HTTPConnection
        self.connection = kind(self.url.netloc, timeout=60)
        self.calls = 0

    def call(self, method, params=None, version='v2'):
        path = self.path.replace('/rest/', '/rest/api/', 1) if version == 'v3' else self.path
        self.calls += 1
        for attempt in (1, 2):
            try:
                self.connection.request('POST', path + method, json.dumps({} if params is None else params),
                                        {'Content-Type': 'application/json', 'Accept': 'application/json'})
                response = self.connection.getresponse()
                text = response.read()
                break
            except (http.client.HTTPException, OSError) as e:
                self.connection.close()
                if attempt == 2 or isinstance(e, TimeoutError):
                    return Answer(0, {'error': 'no answer', 'error_description': repr(e)})
        try:
            return Answer(response.status, json.loads(text))
        except ValueError:
            return Answer(response.status, None)

    def methods(self):
        answer = self.call('methods', {'FULL': True})
        if answer.error:
            raise SystemExit(f'methods?FULL=true answers {answer.error}')
        return {m.lower() for m in answer.body['result']}
