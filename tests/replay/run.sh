#!/bin/bash
# Starts a throw-away portal with every scope and replays the samples against it. Run it from the project's root.
# usage: [BIN=target/release/portreeve] [METHODS=FOLDER] tests/replay/run.sh [options of replay.py]
set -u
HERE=$(cd "$(dirname "$0")" && pwd); BIN=${BIN:-target/release/portreeve}
[ -x "$BIN" ] || { echo "no $BIN: cargo build --release -p portreeve"; exit 1; }
D=$(mktemp -d); PORT=$(python3 -c 'import socket;s=socket.socket();s.bind(("127.0.0.1",0));print(s.getsockname()[1])'); URL=http://127.0.0.1:$PORT
"$BIN" serve --data "$D" --listen "127.0.0.1:$PORT" --base-url "$URL" --tls off >"$D/log" 2>&1 & PID=$!
trap 'kill $PID 2>/dev/null; wait $PID 2>/dev/null; rm -rf "$D"' EXIT
for _ in $(seq 100); do curl -fs "$URL/health" >/dev/null 2>&1 && break; sleep 0.1; done
hook() { "$BIN" hook create --data "$D" --owner 1 --scope "$1" --name replay; }
SCOPES=$(hook '?' 2>&1 | sed 's/.*the scopes are //; s/, /,/g')
METHODS=${METHODS:-$HERE/../../../shared/catalogue/methods}
python3 -B "$HERE/replay.py" --url "$(hook "$SCOPES")" --methods "$METHODS" "$@"
