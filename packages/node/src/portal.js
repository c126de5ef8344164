import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { CallError, StartError } from './errors.js';
import { Events } from './events.js';
import { Operator, parsed } from './operator.js';

/** The portal's clock. */
class Clock {
  #operator;

  constructor(operator) {
    this.#operator = operator;
  }

  /** Returns the time, by how many seconds it is ahead, and whether it is frozen. */
  show = () => this.#operator.ask('GET', '/clock');
  /** Moves it: `2h`, `-3d`, `90s`. Deadlines, retries and jobs follow. */
  move = (by) => this.#operator.ask('PUT', '/clock', { by });
  /** Sets it to a moment: `2027-01-01T12:00:00Z`. */
  set = (to) => this.#operator.ask('PUT', '/clock', { to });
  /** Stops it, where it is or at a moment. */
  freeze = (at) => this.#operator.ask('PUT', '/clock', { frozen: true, ...(at && { to: at }) });
  /** Lets it go on from where it stands. */
  thaw = () => this.#operator.ask('PUT', '/clock', { frozen: false });
  /** Shows the machine's time again. */
  reset = () => this.#operator.ask('DELETE', '/clock');
}

/** Faults on demand; docs/sandbox.md has the rules. */
class Faults {
  #operator;

  constructor(operator) {
    this.#operator = operator;
  }

  /** Adds a rule: `add({ method: 'crm.*', times: 1, effect: { kind: 'error', code: 'QUERY_LIMIT_EXCEEDED' } })`. */
  add = (rule) => this.#operator.ask('POST', '/faults', rule);
  /** Adds a rule by which calls fail with an error of the protocol. */
  error = (code, rule = {}) => this.add({ method: '*', ...rule, effect: { kind: 'error', code } });
  /** Lists the rules. */
  all = () => this.#operator.ask('GET', '/faults');
  /** Removes all rules. */
  clear = () => this.#operator.ask('DELETE', '/faults');
}

/** A portal of one's own: see {@link start}. */
export class Portal {
  #process;
  #folder;

  constructor(process, folder, { url, operatorUrl, secret, token, events }) {
    this.#process = process;
    this.#folder = folder;
    this.url = url;
    this.webhook = `${url}/rest/1/${secret}/`;
    this.operator = new Operator(operatorUrl, token);
    this.events = events;
    this.clock = new Clock(this.operator);
    this.faults = new Faults(this.operator);
  }

  /** Calls a method and returns its result. Tests of a client use the client instead. */
  async call(method, params = {}, webhook = this.webhook) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(webhook + method, { method: 'POST', headers, body: JSON.stringify(params) });
    const said = parsed(await answer.text());
    if (answer.ok) return said.result;
    throw new CallError(answer.status, String(said.error ?? ''), said.error_description ?? '');
  }

  /** Returns calls since the last reset, oldest first, of methods with this in their names; of the newest 500. */
  async calls(method, query = {}) {
    const page = await this.operator.ask('GET', '/calls', undefined, { method, limit: 500, ...query });
    return page.calls.reverse();
  }

  /** Rejects unless this method was called with these parameters, `times` times where given. */
  async assertCalled(method, params = {}, { times } = {}) {
    const named = (call) => call.method.toLowerCase() === method.toLowerCase();
    const ofMethod = (await this.calls(method)).filter(named);
    const found = ofMethod.filter((call) => has(call.params, params));
    if (times === undefined ? found.length === 0 : found.length !== times) {
      const seen = ofMethod.length ? ofMethod.map((call) => call.params) : (await this.calls()).map((call) => call.method);
      const told = times === undefined ? 'was not called' : `was called ${found.length} times instead of ${times}`;
      throw new Error(`${method} with ${JSON.stringify(params)} ${told}; calls: ${JSON.stringify(seen)}`);
    }
    return found;
  }

  /** Waits until no event is on its way any more; rejects after `timeout` milliseconds. */
  async settle({ timeout = 5000 } = {}) {
    const settled = await this.operator.ask('POST', '/deliveries/settle', { timeout_ms: timeout });
    if (!settled.settled) throw new Error(`${settled.at_work} deliveries were still on their way after ${timeout} ms`);
  }

  /** Loads fixtures: departments, users and records. Webhooks come from files at the start only. */
  load(fixtures) {
    return this.operator.ask('POST', '/fixtures', fixtures);
  }

  /** Brings back the portal as it was at its `start`; caught events are forgotten. `empty` and `demo` have no webhooks. */
  async reset(to = 'start') {
    await this.operator.ask('POST', '/reset', { to });
    this.events.clear();
  }

  /** Saves a snapshot. */
  async save(name) {
    await this.operator.ask('PUT', `/snapshots/${name}`);
  }

  /** Brings back a snapshot; caught events are forgotten. */
  async restore(name) {
    await this.operator.ask('POST', '/reset', { snapshot: name });
    this.events.clear();
  }

  /** Stops it and deletes its data. */
  async stop() {
    // Nothing else may keep the program running until then.
    this.#process.ref();
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    this.events.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Whether parameters have these in them; a form sends all values as texts. */
function has(given, wanted) {
  if (Array.isArray(wanted)) {
    return Array.isArray(given) && given.length === wanted.length && wanted.every((one, at) => has(given[at], one));
  }
  if (wanted !== null && typeof wanted === 'object') {
    return Object.entries(wanted).every(([name, value]) => has(given?.[name], value));
  }
  return given === wanted || (given !== undefined && given !== null && String(given) === String(wanted));
}

/** Starts a portal in a folder of its own. */
export async function start({ binary, fixtures = [], events = 'all', args = [] } = {}) {
  const program = binary ?? process.env.PORTREEVE_BIN ?? 'portreeve';
  const folder = await mkdtemp(join(tmpdir(), 'portreeve-'));
  const catcher = await new Events().listen();
  try {
    return await started({ program, folder, fixtures, events, args, catcher });
  } catch (error) {
    catcher.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function started({ program, folder, fixtures, events, args, catcher }) {
  const secret = randomBytes(8).toString('hex');
  const token = randomBytes(16).toString('hex');
  const password = () => randomBytes(16).toString('hex');
  const own = {
    webhooks: [{ name: 'tests', scopes: 'all', secret }],
    handlers: [{ name: 'tests', url: catcher.url, events, application_token: password() }],
  };
  const file = join(folder, 'tests.json');
  await writeFile(file, JSON.stringify(own), { mode: 0o600 });
  const settings = ['--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--log', 'warn'];
  settings.push('--operator-listen', '127.0.0.1:0', '--allow-handlers', '127.0.0.1');
  for (const path of [file, ...fixtures]) settings.push('--fixtures', path);
  const log = await open(join(folder, 'log'), 'w');
  const child = spawn(program, ['serve', ...settings, ...args], {
    stdio: ['ignore', 'pipe', log.fd],
    env: { PORTREEVE_ADMIN_PASSWORD: password(), ...process.env, PORTREEVE_OPERATOR_TOKEN: token },
  });
  // A test that ends without stopping it leaves nothing behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  try {
    const [url, operatorUrl] = await urls(child, program);
    child.unref();
    child.stdout.unref();
    return new Portal(child, folder, { url, operatorUrl, secret, token, events: catcher });
  } catch (error) {
    kill();
    const said = await readFile(join(folder, 'log'), 'utf8');
    throw new StartError(`${error.message}: ${said.slice(-4000)}`);
  } finally {
    await log.close();
  }
}

/** The first two lines end with URLs: of the portal, and of the operator's API. */
async function urls(child, program) {
  const failed = new Promise((_, reject) => {
    child.once('error', (error) => {
      const absent = 'portreeve is not on the PATH; install it, or say where it is in PORTREEVE_BIN';
      reject(error.code === 'ENOENT' && program === 'portreeve' ? new StartError(absent) : error);
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const found = [];
  while (found.length < 2) {
    const { value, done } = await Promise.race([lines.next(), failed]);
    const url = value?.trim().split(' ').at(-1) ?? '';
    if (done || !url.startsWith('http')) throw new StartError('the portal did not start');
    found.push(url.replace(/\/$/, ''));
  }
  return found;
}
