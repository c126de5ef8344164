"""The records that replayed requests speak of. Each is made through the API when it is first needed."""
import re, time
from nouns import NOUNS, Find, Hint, Make
from rules import FIXED, PRIMARY

CREATORS = ('add', 'create', 'register')


class Lack(Exception):
    """There is no such record, and no way to make one."""


class World:
    def __init__(self, portal, present, samples):
        self.portal, self.present = portal, present
        # Of a method that both versions have, the old one makes records, if it is there.
        self.samples = {s.method.lower(): s for s in sorted(samples, key=lambda s: s.version == 'v2' and s.method.lower() in present)}
        self.builder = None             # makes requests of samples; set by its constructor
        self.pools, self.failed, self.making, self.problems = {}, {}, set(), {}
        self.counter = int(time.time()) % 10_000_000 * 10

    def number(self):
        self.counter += 1
        return self.counter

    def prepare(self, calls):
        for method, body in calls:
            self.follow('before all', method, body, None)

    def default_noun(self, method):
        """The noun of a method is its prefix, if there is a way to make that, or else the prefix's prefix."""
        prefix = method.lower()
        while '.' in prefix:
            prefix = prefix.rpartition('.')[0]
            if prefix in PRIMARY:
                return PRIMARY[prefix]
            if prefix in NOUNS or self.creator(prefix):
                return prefix
        return None

    def record(self, noun, index=0, hints=None):
        """The id of record number `index` of the pool. What can only be found, not made, has one."""
        if noun == 'owner':
            return self.portal.owner
        kept = {h.key: hints[h.key] for h in hints_of(noun) if hints and h.key in hints}
        pool = self.pools.setdefault((noun, repr(kept)), [])
        while len(pool) <= index:
            if pool and not self.can_make(noun) and not any('{i}' in way.path for way in self.ways(noun)):
                return pool[-1]
            self.make(noun, kept, pool)
        return pool[index]

    def fresh(self, noun, hints=None):
        if noun == 'owner' or not self.can_make(noun):
            return self.record(noun, 0, hints)
        self.record(noun, 0, hints)
        return self.make(noun, {h.key: hints[h.key] for h in hints_of(noun) if hints and h.key in hints}, [])

    def creator(self, noun):
        """The documented method that makes this noun and tells its id, where no table says more."""
        found = (self.samples.get(f'{noun}.{verb}') for verb in CREATORS)
        return next((s for s in found if s and (s.answer is None or id_in(s.answer['result']) is not None)), None)

    def can_make(self, noun):
        return any(isinstance(way, Make) for way in self.ways(noun))

    def ways(self, noun):
        s = self.creator(noun)
        ways = NOUNS.get(noun) or ([Make(s.method, None, (), s.version)] if s else [])
        return [w for w in ways if w.version == 'v3' or w.method.lower() in self.present]

    def make(self, noun, hints, pool):
        if noun in self.failed:
            raise Lack(self.failed[noun])
        if noun in self.making:
            raise Lack(f'a {noun} needs a {noun}')
        self.making.add(noun)
        try:
            return self.try_ways(noun, hints, pool)
        finally:
            self.making.discard(noun)

    def try_ways(self, noun, hints, pool):
        reason = f'no method here makes a {noun}'
        for way in self.ways(noun):
            for given in [hints, {}] if hints else [hints]:
                try:
                    body = self.builder.build(self.samples[way.method.lower()]).params if way.body is None else self.fill(way.body, given)
                except Lack as lack:
                    reason = str(lack)
                    continue
                answer = self.portal.call(way.method, body, way.version)
                found = None if answer.error else at(answer.body, way.path.replace('{i}', str(len(pool)))) if isinstance(way, Find) else id_in(answer.body['result'])
                if found is None:
                    reason = f'{way.method} answers {answer.error or str(answer.body)[:120]}'
                    if not answer.needs_application and not answer.unknown_method:
                        self.problems.setdefault(noun + (f' with {given}' if given else ''), reason)
                    continue
                pool.append(found)
                self.making.discard(noun)
                for method, extra in getattr(way, 'then', ()):
                    self.follow(noun, method, extra, found)
                return found
        if not pool and not hints:
            self.failed[noun] = reason
        raise Lack(reason)

    def follow(self, noun, method, body, found):
        if method.lower() in self.present:
            try:
                answer = self.portal.call(method, self.fill(body, {}, found))
                if answer.error:
                    self.problems.setdefault(f'{noun}: {method}', str(answer.error))
            except Lack:
                pass

    def fill(self, body, hints, own=None):
        number = self.number()

        def walk(v):
            if isinstance(v, dict):
                return {k: walk(x) for k, x in v.items() if x is not None}
            if isinstance(v, list):
                return [walk(x) for x in v]
            if isinstance(v, Hint):
                return hints.get(v.key, v.default)
            if not isinstance(v, str):
                return v
            if '{@@}' in v:
                v = v.replace('{@@}', str(own))
            if v == '@self':
                return own
            if v.startswith('@+'):
                return self.fresh(v[2:])
            if v.startswith('@'):
                noun, _, index = v[1:].partition('#')       # @user, or @user#1: the second of them
                found = self.record(noun, int(index or 0))
                return int(found) if str(found).isdigit() else found
            return re.sub(r'\{@([\w.]+)\}', lambda m: str(self.record(m.group(1))), v.replace('{nn}', chr(65 + number // 26 % 26) + chr(65 + number % 26)).replace('{n}', str(number)))
        return walk(body)

    def fixed(self, noun, documented):
        return FIXED.get((noun, str(documented)))


def hints_of(noun):
    found = []

    def walk(v):
        if isinstance(v, dict):
            for x in v.values():
                walk(x)
        elif isinstance(v, Hint):
            found.append(v)
    for way in NOUNS.get(noun, []):
        walk(way.body)
    return found


def id_in(result):
    """The id in what an add method answers: 7, {'id': 7}, {'item': {'id': 7}}."""
    if isinstance(result, bool) or result is None or result == []:
        return None
    if isinstance(result, (int, str)):
        return result
    if isinstance(result, dict):
        for key in ('entityTypeId', 'id', 'ID', 'Id') if set(result) == {'type'} else ('id', 'ID', 'Id', 'chatId', 'CALL_ID'):
            if isinstance(result.get(key), (int, str)):
                return result[key]
        if set(result) == {'type'} and isinstance(result['type'], dict) and 'entityTypeId' in result['type']:
            return result['type']['entityTypeId']
        return next((id_in(v) for v in result.values() if isinstance(v, dict)), None)
    return None


def at(body, path):
    for key in path.split('.'):
        if isinstance(body, list):
            body = body[int(key)] if key.isdigit() and int(key) < len(body) else None
        else:
            body = body.get(key) if isinstance(body, dict) else None
    return body
