#!/usr/bin/env python3
"""Replays the documented samples of the Bitrix24 REST API against a portal, and says where its answers differ. See README.md."""
import argparse, fnmatch, json, re, sys
import catalogue, compare, errors, report
from judging import DOC_FAULTS
from nouns import SETUP
from portal import Portal
from request import Builder, all_hints, is_read, order
from rules import SHOWS
from texts import plain
from world import Lack, World


class Replay:
    def __init__(self, portal, samples, faults=()):
        self.portal, self.present, self.faults = portal, portal.methods(), DOC_FAULTS + list(faults)
        self.world = World(portal, self.present, samples)
        self.builder = Builder(self.world)

    def all(self, samples, with_errors=True):
        for sample in sorted(samples, key=lambda s: (order(s), s.method.lower(), s.version)):
            yield self.one(sample, with_errors)

    def one(self, sample, with_errors):
        v = report.Verdict(sample.name, sample.module)
        if sample.version == 'v2' and sample.method.lower() not in self.present:
            return v.say('absent')
        built = self.builder.build(sample)
        self.provide(sample, built.primary)
        v.notes += built.notes
        answer = self.portal.call(sample.method, built.params, sample.version)
        v.request, v.answer = built.params, answer.body
        if answer.unknown_method:
            return v.say('absent')
        if self.faulty(sample):
            return v.say('skipped', 'fault of the documentation')
        if answer.needs_application and sample.app_only is False:
            return v.say('error', said(answer))
        if answer.needs_application:
            v.probes = [errors.refusal(sample, answer)]
            return v.say('skipped', 'needs an application')
        if answer.error and sample.file and answer.status in (200, 302):     # or where it is
            return v.say('skipped', 'answers with a file')
        if answer.error and built.lacks:
            return v.say('skipped', 'world: ' + '; '.join(f'no {n} ({why})' for n, why in built.lacks.items()))
        if answer.error and sample.request is None:
            return v.say('skipped', f'no documented example: the one made from the parameters gets {said(answer)}')
        if answer.error:
            return v.say('error', said(answer))
        if sample.answer is None:
            v.say('skipped', 'no documented answer; ours is good')
        else:
            self.judge(sample, built, answer, v)
        if with_errors:
            v.probes = list(errors.probes(self.portal, sample, built))
        return v

    def faulty(self, sample):
        """Whether all of a sample is at fault, its request as well."""
        return any(fnmatch.fnmatchcase(sample.name.lower(), m) and p == '*' for m, p, _ in self.faults)

    def provide(self, sample, noun):
        """Lists and the like need records to show, though no parameter names them."""
        wanted = [(n, {}) for n in SHOWS.get(sample.method.lower(), [])]
        if noun and is_read(sample.verb) and not sample.verb.startswith('fields'):
            wanted += [(noun, hints) for hints in all_hints(sample)[:10] or [{}]]
        for n, hints in wanted:
            try:
                self.world.record(n, 0, hints)
            except Lack:
                pass

    def judge(self, sample, built, answer, v):
        v.request, v.answer = built.params, answer.body
        c = compare.answers(sample, answer, built.params, self.faults)
        if nothing(sample, c) and isinstance(built.params, dict):
            c = self.again(sample, v, self.relaxed(sample, built), 'less of a filter: all of it leaves no rows here') or c
        c = self.again(sample, v, widened(v.request, c), 'asked for the fields, too, that the sample shows and its own select does not') or c
        v.differences, v.unjudged, v.extra, v.quirks = c.differences, c.unjudged, c.extra, c.quirks
        if c.differences:
            return v.say('differs')
        return v.say('skipped', 'our list is empty: nothing to compare') if nothing(sample, c) else v.say('ok')

    def again(self, sample, v, params, why):
        """Another request for the same sample, if it says more."""
        if params is None:
            return None
        answer = self.portal.call(sample.method, params, sample.version)
        c = None if answer.error else compare.answers(sample, answer, params, self.faults)
        if c is None or nothing(sample, c):
            return None
        v.request, v.answer = params, answer.body
        v.notes.append(why)
        return c

    def relaxed(self, sample, built):
        """The request with those parts of its filter that leave rows here."""
        for key, value in built.params.items():
            if plain(key) == 'filter' and isinstance(value, list):      # REST 3.0: a list of conditions
                def leaves(part):
                    answer = self.portal.call(sample.method, built.params | {key: part}, sample.version)
                    return not answer.error and not nothing(sample, compare.answers(sample, answer))
                kept = [c for c in value if leaves([c])]
                return built.params | {key: kept if leaves(kept) else []}
            if plain(key) != 'filter' or not isinstance(value, dict):
                continue
            def rows(part):
                answer = self.portal.call(sample.method, built.params | {key: part}, sample.version)
                return not answer.error and not nothing(sample, compare.answers(sample, answer))
            kept = {k: v for k, v in value.items() if rows({k: v})}
            while kept and not rows(kept):
                kept.popitem()
            return built.params | {key: kept} if kept else {k: v for k, v in built.params.items() if k != key}
        return None


def said(answer):
    return f'HTTP {answer.status} {answer.error[0]!r}: {answer.error[1]}'


def nothing(sample, comparison):
    """The sample has rows where all that we have is an empty list, so that the comparison says nothing."""
    result = sample.answer['result']
    inner = [f'result.{k}' for k, v in result.items() if isinstance(v, (dict, list))] if isinstance(result, dict) else []
    return not comparison.differences and ('result' in comparison.empty or len(inner) == 1 and inner[0] in comparison.empty)


def widened(params, comparison):
    """The request with the fields added to `select` that the sample shows and the example does not ask for."""
    if not isinstance(params, dict):
        return None
    for key, value in params.items():
        if plain(key) == 'params' and isinstance(value, dict):
            inner = widened(value, comparison)
            return {**params, key: inner} if inner else None
        if plain(key) == 'select' and isinstance(value, list) and '*' not in value:
            shown = [re.split(r'\[\]\.|^result\.item\.', d.path)[-1] for d in comparison.differences
                     if d.kind == 'missing' and (d.path.count('[].') == 1 or d.path.startswith('result.item.'))]
            more = [k for k in shown if '.' not in k and k not in value and k.upper() != 'ID']
            return {**params, key: value + more} if more else None
    return None


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--url', required=True, help='an inbound webhook: http://127.0.0.1:8080/rest/1/secret/')
    p.add_argument('--methods', required=True, nargs='+', help='files or folders of samples: shared/catalogue/methods, an extract\'s methods.json, ..')
    p.add_argument('--only', action='append', default=[], metavar='PREFIX', help='only methods that begin so; may be given again; * is any text')
    p.add_argument('--among', metavar='FILE', help='only methods of this file; all samples of --methods still help to make records')
    p.add_argument('--json', metavar='OUT', help='write everything: verdicts, requests, answers')
    p.add_argument('--faults', metavar='FILE', help='more faults of the documentation, as in judging.py: [[method, path, what is wrong], ..]')
    p.add_argument('--at-least', type=float, metavar='SHARE', help='fail (exit 1) if fewer of what can be judged are ok: 0.95')
    p.add_argument('--no-errors', action='store_true', help='do not provoke documented errors')
    p.add_argument('-v', '--verbose', action='store_true', help='show what was not judged, what only we have, requests and answers, too')
    args = p.parse_args()
    samples = catalogue.read(args.methods)
    chosen = [s for s in samples if not args.only or any(fnmatch.fnmatch(s.method.lower(), o.lower() + '*') for o in args.only)]
    among = {(s.method.lower(), s.version) for s in catalogue.read([args.among])} if args.among else None
    chosen = [s for s in chosen if among is None or (s.method.lower(), s.version) in among]
    faults = json.load(open(args.faults, encoding='utf8')) if args.faults else []
    replay = Replay(Portal(args.url), samples, faults)
    replay.world.prepare(SETUP)
    verdicts = sorted(replay.all(chosen, not args.no_errors), key=lambda v: (v.module, v.method))
    undocumented = sorted(replay.present - {s.method.lower() for s in samples})
    report.print_all(verdicts, replay, undocumented, args.verbose)
    if args.json:
        with open(args.json, 'w', encoding='utf8') as f:
            json.dump({v.method: v.as_json() for v in verdicts}, f, ensure_ascii=False, indent=1)
    judged = [v for v in verdicts if v.verdict in ('ok', 'differs', 'error')]
    ok = sum(v.verdict == 'ok' for v in judged)
    return args.at_least is not None and (not judged or ok < args.at_least * len(judged))


if __name__ == '__main__':
    sys.exit(main())
