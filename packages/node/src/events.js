import { createServer } from 'node:http';
import { EventEmitter, once } from 'node:events';

/** Catches the events of a portal, in the order in which they came. */
export class Events {
  #caught = [];
  #statuses = [];
  #came = new EventEmitter();
  #server = createServer((request, response) => this.#take(request, response));

  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#server.unref();
    return this;
  }

  /** Where the handler listens. */
  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  /** Returns what came since the last reset: all events, or those with this name. */
  all(name) {
    return this.#caught.filter((event) => name === undefined || event.name === name);
  }

  /** Waits until as many events came and returns them; rejects after `timeout` milliseconds. */
  async wait(name, { count = 1, timeout = 5000 } = {}) {
    const signal = AbortSignal.timeout(timeout);
    while (this.all(name).length < count) {
      await once(this.#came, 'event', { signal }).catch(() => {
        const names = this.#caught.map((event) => event.name).join(', ');
        throw new Error(`${this.all(name).length} of ${count} ${name ?? 'events'} came within ${timeout} ms; caught: ${names}`);
      });
    }
    return this.all(name);
  }

  /** Answers the next requests with these HTTP statuses, and 200 after them. */
  answer(...statuses) {
    this.#statuses = statuses;
  }

  /** Forgets what came, and answers 200 from now on. */
  clear() {
    this.#caught = [];
    this.#statuses = [];
  }

  /** Stops listening. */
  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const { event = '', data = {}, auth = {} } = nested(new URLSearchParams(body.toString()));
    this.#caught.push({ name: event, data, auth, headers: request.headers, body });
    response.writeHead(this.#statuses.shift() ?? 200, { 'content-length': 0 }).end();
    this.#came.emit('event');
  }
}

/** `data[FIELDS][ID]=1` as nested objects. */
function nested(form) {
  const whole = Object.create(null);
  for (const [name, value] of form) {
    const keys = name.replaceAll(']', '').split('[');
    const last = keys.pop();
    let inner = whole;
    for (const key of keys) {
      if (typeof inner[key] !== 'object') inner[key] = Object.create(null);
      inner = inner[key];
    }
    inner[last] = value;
  }
  return JSON.parse(JSON.stringify(whole));
}
