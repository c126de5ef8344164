#!/usr/bin/env python3
"""Prints the appendix of ARCHITECTURE.md: what each crate costs in lines, by noun and method.

    cargo build --workspace --bin portreeve && python3 xtask/sizes.py

Lines are those of the code without tests and blank lines; a function is as long as from its `fn` to the brace that closes it.
"""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Modules that are not called as their crates.
CRATES = {'system': 'portal', 'user': 'people', 'department': 'people'}
HEAD = re.compile(r'^( *)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?(?:unsafe )?fn (\w+)')


def code(path):
    """The lines of a file before its unit tests."""
    lines = path.read_text().split('\n')
    end = next((at for at, line in enumerate(lines) if line.strip() == '#[cfg(test)]'), len(lines))
    return lines[:end]


def longest_function(lines):
    """The length and the name of the longest function."""
    found = (0, '')
    for at, line in enumerate(lines):
        head = HEAD.match(line)
        if head and not line.rstrip().endswith(';'):
            close = head[1] + '}'
            end = next((behind for behind in range(at, len(lines)) if lines[behind].rstrip() == close), at)
            found = max(found, (end - at + 1, head[2]))
    return found


def row(crate, modules):
    files = [path for path in sorted((crate / 'src').rglob('*.rs')) if path.name != 'tests.rs']
    texts = {path: code(path) for path in files}
    sizes = {path: sum(1 for line in lines if line.strip()) for path, lines in texts.items()}
    total, file = sum(sizes.values()), max(sizes, key=sizes.get)
    function = max(longest_function(lines) for lines in texts.values())
    own = modules.get(crate.name, {'nouns': 0, 'methods': 0})
    parts = own['nouns'] + own['methods']
    return {
        'crate': crate.name, 'files': len(files), 'lines': total, 'nouns': own['nouns'], 'methods': own['methods'],
        'each': total / parts if own['nouns'] else None,
        'file': f'`{file.relative_to(crate / "src")}` {sizes[file]}', 'function': f'`{function[1]}` {function[0]}',
    }


def main():
    program = ROOT / 'target/debug/portreeve'
    said = json.loads(subprocess.run([program, 'describe', '--modules'], check=True, capture_output=True).stdout)
    modules = {}
    for one in said:
        crate = CRATES.get(one['module'], one['module'])
        sums = modules.setdefault(crate, {'nouns': 0, 'methods': 0})
        for name in sums:
            sums[name] += one[name]
    crates = sorted(path.parent for path in (ROOT / 'crates').glob('*/Cargo.toml'))
    rows = [row(crate, modules) for crate in crates if crate.name not in ('testkit', 'testportal')]
    rows.sort(key=lambda one: -one['lines'])
    print('| Crate | Files | Lines | Nouns | Methods | Lines for each | Longest file | Longest function |')
    print('|---|--:|--:|--:|--:|--:|---|---|')
    for one in rows:
        each = f'{one["each"]:.0f}' if one['each'] else ''
        counts = (one['nouns'] or '', one['methods'] or '', each)
        print(f'| {one["crate"]} | {one["files"]} | {one["lines"]} | {" | ".join(map(str, counts))} | {one["file"]} | {one["function"]} |')


main()
