"""Makes the request of a documented example for our world: ids and placeholders are replaced, what belongs to one portal is left out."""
import re
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from judging import PORTAL_KEY
from rules import ADDED, BESIDE, DROP, FRESH, ID, KEYED, NAMES, ON_DEALS, PAGE_START, PLACEHOLDERS, REQUESTS, RULES, TEXTS, UNIQUE, VALUES, By
from texts import plain
from world import Lack

NOUN_OF_NAME = {name: noun for noun, names in NAMES.items() for name in names}
READS = ('get', 'list', 'fields', 'search', 'find', 'is', 'can', 'count', 'status', 'type', 'items', 'current', 'mode', 'countries', 'available', 'log',
         'instances', 'children', 'subordinates', 'nearest', 'download', 'tail', 'thread', 'senders', 'text', 'multi')
CREATES = ('add', 'create', 'register', 'import', 'upload')
REMOVES = ('delete', 'remove', 'unbind', 'unregister', 'unset', 'kill', 'terminate')


class Built(NamedTuple):
    params: Any
    lacks: dict         # noun -> why there is none
    notes: list
    nouns: dict         # path -> noun of each parameter that was mapped
    own: list           # the paths (tuples of real keys) of the ids of what the method is about
    primary: str | None # the noun of that


def is_read(verb):
    return verb.startswith(READS)


def is_create(verb):
    return verb.startswith(CREATES)


def order(sample):
    """Reads first, then what changes, at last what removes."""
    return 2 if sample.verb.startswith(REMOVES) else 0 if is_read(sample.verb) else 1


class Builder:
    def __init__(self, world):
        self.world = world
        world.builder = self

    def build(self, sample):
        return One(self.world, sample).build()


class One:
    def __init__(self, world, sample):
        self.world, self.sample = world, sample
        self.method = sample.method.lower()
        self.primary = world.default_noun(sample.method)
        self.hints = hints(sample)
        self.seen, self.lacks, self.notes, self.nouns, self.own = {}, {}, [], {}, []

    def build(self):
        request = self.sample.request
        if request is None:
            request = self.from_params(self.sample.params, ())
            self.notes.append('request made from the parameters: there is no example')
        elif isinstance(request, dict):
            request = self.on_deals(request)
        if isinstance(self.primary, By):
            self.primary = self.chosen(self.primary, [request] if isinstance(request, dict) else [])
        request = REQUESTS.get(self.method, request)
        params = self.walk(request, (), (), [request] if isinstance(request, dict) else [])
        if self.method in ADDED and isinstance(params, dict):
            params |= self.world.fill(ADDED[self.method], {})
            self.notes.append('added what the page says that a webhook must give')
        return Built(params, self.lacks, self.notes, self.nouns, self.own, self.primary)

    def on_deals(self, request):
        documented = request.get('entityTypeId')
        if not (isinstance(documented, int) and documented >= 128 and any(fnmatchcase(self.method, m) for m in ON_DEALS)) or self.world.ways('smarttype'):
            return request
        self.notes.append('deals instead of a smart process')
        return {**request, 'entityTypeId': 2}

    # -- documented values -> ours
    def walk(self, value, path, keys, above):
        if isinstance(value, dict):
            out = {}
            for key, v in value.items():
                if self.portal_specific(key):
                    continue
                new = self.walk(v, path + (plain(key),), keys + (key,), above + [v] if isinstance(v, dict) else above)
                if new is not DROP:
                    noun = KEYED.get(path[-1]) if path and key.isdigit() else None
                    out[str(self.record(noun, key, False) or key) if noun else key] = new
            return out
        if isinstance(value, list):
            new = (self.walk(v, path, keys + (i,), above + [v] if isinstance(v, dict) else above) for i, v in enumerate(value))
            return [v for v in new if v is not DROP and not (isinstance(v, str) and self.portal_specific(v))]
        return self.leaf(value, path, keys, above)

    def portal_specific(self, key):
        bare = re.sub(r'^[^A-Za-z]+', '', str(key))
        return 'userfield' not in self.method and bare != 'UF_*' and re.fullmatch(PORTAL_KEY, bare) is not None

    def leaf(self, value, path, keys, above):
        dotted = '.'.join(path)
        for methods, paths, fitting in VALUES:
            if fnmatchcase(self.method, methods) and fnmatchcase(dotted, paths):
                return fitting
        if isinstance(value, bool) or value is None or isinstance(value, float):
            return value
        if path and path[-1] in PAGE_START and is_read(self.sample.verb) and str(value).isdigit():
            return type(value)(PAGE_START[path[-1]])
        placeholder = self.placeholder(value, dotted)
        if placeholder is not None and placeholder is not ID:
            self.notes.append(f'{dotted}: placeholder')
            return placeholder
        if placeholder is ID or re.fullmatch(r'[1-9]\d*|externalCall\..*|PROPERTY_\d+', str(value)):
            noun = self.noun(path, above)
            if noun:
                return self.id(noun, value, dotted, keys)
            if placeholder is ID:
                self.notes.append(f'{dotted}: placeholder of an unknown kind, left out')
                return DROP
        if isinstance(value, str):
            return self.unique(self.embedded(value), dotted)
        return value

    def noun(self, path, above):
        dotted = '.'.join(path)
        for methods, paths, noun in RULES:
            if fnmatchcase(self.method, methods) and fnmatchcase(dotted, paths):
                return self.chosen(noun, above) if isinstance(noun, By) else noun
        name = path[-1] if path else ''
        return NOUN_OF_NAME.get(name) or (self.primary if name in ('id', 'ids') and len(path) == 1 or dotted in ('filter.id', 'fields.id') else None)

    def chosen(self, by, above):
        for level in reversed(above):
            for key, value in level.items():
                if plain(key) == by.sibling and not isinstance(value, (dict, list)):
                    return by.nouns.get(str(value).lower(), by.default)
        return by.default

    def id(self, noun, documented, dotted, keys):
        own = not self.own and (noun == self.primary or dotted == 'id' or self.fresh(noun)) and not any(n == noun for n, _ in self.seen)
        ours = self.record(noun, documented, own)
        if ours is None:
            return documented
        self.nouns[dotted] = noun
        if own:
            self.own.append(keys)
        return str(ours) if isinstance(documented, str) and documented.isdigit() else int(ours) if str(ours).isdigit() else ours

    def record(self, noun, documented, own):
        """The same documented id is the same record; what a method changes or removes is a new one."""
        if (noun, str(documented)) not in self.seen:
            try:
                self.seen[noun, str(documented)] = self.one(noun, documented, own)
            except Lack as lack:
                self.lacks[noun] = str(lack)
        return self.seen.get((noun, str(documented)))

    def fresh(self, noun):
        return any(fnmatchcase(self.method, m) and noun == n for m, n in FRESH)

    def one(self, noun, documented, own):
        if noun.startswith('+'):
            return self.world.fresh(noun[1:])
        if own and not is_read(self.sample.verb):
            return self.world.fresh(noun, self.hints)
        fixed = self.world.fixed(noun, documented)
        if fixed:
            return self.world.record(fixed)
        # The first record of a pool is what the makers link to others; a method that adds a link gets another one.
        if self.method.startswith(('sale.', 'landing.')) and not own:
            return self.world.record(noun, 0)
        beside = is_create(self.sample.verb) and not own and (noun == 'user' or not any(fnmatchcase(self.method, m) for m in BESIDE))
        index = sum(1 for n, _ in self.seen if n == noun) + (1 if beside else 0)
        return self.world.record(noun, index, self.hints if own else None)

    def placeholder(self, value, dotted):
        if isinstance(value, str):
            for look, path, new in PLACEHOLDERS:
                if re.fullmatch(look, value, re.I | re.S) and re.search(path, dotted):
                    return new
        return None

    def embedded(self, value):
        for pattern, text in TEXTS:
            if pattern.startswith('chat('):
                text = 'chat{@v2chat}' if self.method.startswith('imbot.v2') else 'chat{@botchat}' if self.method.startswith('imbot') else text
            match = re.fullmatch(pattern, value)
            if match:
                noun = re.search(r'@([\w.]+)', text).group(1)
                ours = self.record(noun, match.group(1), self.fresh(noun))
                return value if ours is None else text.replace('{@' + noun + '}', str(ours)).replace('{rest}', match.group(match.lastindex))
        return value

    def unique(self, value, dotted):
        if is_create(self.sample.verb) and any(fnmatchcase(self.method, m) and fnmatchcase(dotted, p) for m, p in UNIQUE):
            name, at, rest = value.partition('@')
            return f'{name}{self.world.number()}{at}{rest}'
        return value

    # -- no example: what the parameters demand
    def from_params(self, params, path):
        out, groups = {}, set()
        for p in params:
            one_of = tuple(p.get('one_of') or ())
            if p.get('name') and '|' not in p['name'] and (p.get('required') or one_of and one_of not in groups):
                groups.add(one_of)
                out[p['name']] = self.from_param(p, path + (plain(p['name']),))
        return out

    def from_param(self, p, path):
        kind = (p.get('type') or '').lower()
        if p.get('children'):
            inner = self.from_params(p['children'], path)
            return [inner] if kind.startswith('array') else inner
        if p.get('values') and not kind.startswith(('object', 'array')):
            return p['values'][0]
        if 'int' in kind or 'id' in path[-1]:
            return [1] if kind.startswith('array') or kind.endswith('[]') else 1
        return {'object': {}, 'array': [], 'boolean': 'Y', 'char': 'Y', 'double': 1.5, 'date': '2026-03-02', 'datetime': '2026-03-02T10:00:00+00:00'}.get(kind, 'Replay')


def hints(sample):
    """What the sample shows at its top, for Hint."""
    return next(iter(all_hints(sample)), {})


def all_hints(sample):
    """The same of each row, where the sample is a list."""
    result = (sample.answer or {}).get('result')
    if isinstance(result, dict) and len(result) == 1:
        result = next(iter(result.values()))
    rows = result if isinstance(result, list) else [result]
    return [{k: v for k, v in row.items() if isinstance(v, (str, int))} for row in rows if isinstance(row, dict)]
