import { OperatorError } from './errors.js';

/** The operator's API of a portal. */
export class Operator {
  #url;
  #token;

  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  /** Sends a request and returns what is answered, or undefined. */
  async ask(verb, path, body, query = {}) {
    const url = new URL(this.#url + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const answer = await fetch(url, {
      method: verb,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.ok) return text ? JSON.parse(text) : undefined;
    const { error, error_description: words } = parsed(text);
    throw new OperatorError(answer.status, error ?? '', words ?? text);
  }
}

/** @returns {Record<string, any>} */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
