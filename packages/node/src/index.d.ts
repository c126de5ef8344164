/** Why the portal did not start. */
export class StartError extends Error {}

/** An error of the protocol. */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;
  readonly description: string;
}

/** What the operator's API refused. */
export class OperatorError extends Error {
  readonly status: number;
  readonly code: string;
  readonly description: string;
}

/** A request that the handler got. */
export interface Event {
  /** The name of the event: ONCRMLEADADD. */
  name: string;
  /** What it is about: { FIELDS: { ID: '1' } }. */
  data: any;
  /** What the handler checks: application_token and so on. */
  auth: Record<string, string>;
  /** The headers, their names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The body as it came, of which the signature is. */
  body: Buffer;
}

/** Catches the events of a portal, in the order in which they came. */
export class Events {
  /** Where the handler listens. */
  readonly url: string;
  /** Returns what came since the last reset: all events, or those with this name. */
  all(name?: string): Event[];
  /** Waits until as many events came and returns them; rejects after `timeout` milliseconds (5000). */
  wait(name?: string, options?: { count?: number; timeout?: number }): Promise<Event[]>;
  /** Answers the next requests with these HTTP statuses, and 200 after them. */
  answer(...statuses: number[]): void;
  /** Forgets what came, and answers 200 from now on. */
  clear(): void;
  /** Stops listening. */
  close(): void;
}

/** A call in the log. */
export interface Call {
  id: number;
  at: string;
  took_ms: number;
  integration: { id: number; title: string | null } | null;
  user_id: number | null;
  address: string;
  version: 2 | 3;
  method: string;
  params: any;
  status: number;
  error: string | null;
  message: string | null;
  advice: string | null;
  failed: Record<string, string> | null;
  size: number;
  deliveries: number[];
}

/** How the clock goes. */
export interface Time {
  time: string;
  shift: number;
  frozen: boolean;
}

/** The portal's clock. */
export interface Clock {
  show(): Promise<Time>;
  /** Moves it: `2h`, `-3d`, `90s`. Deadlines, retries and jobs follow. */
  move(by: string): Promise<Time>;
  /** Sets it to a moment: `2027-01-01T12:00:00Z`. */
  set(to: string): Promise<Time>;
  /** Stops it, where it is or at a moment. */
  freeze(at?: string): Promise<Time>;
  /** Lets it go on from where it stands. */
  thaw(): Promise<Time>;
  /** Shows the machine's time again. */
  reset(): Promise<Time>;
}

/** A fault rule; docs/sandbox.md describes it. */
export interface Rule {
  webhook?: number | string;
  method?: string;
  event?: string;
  every?: number;
  first?: number;
  chance?: number;
  seed?: number;
  times?: number;
  delay?: number;
  effect?: { kind: string; [name: string]: unknown };
  after?: boolean;
  keep?: boolean;
}

/** Faults on demand. */
export interface Faults {
  /** Adds a rule. */
  add(rule: Rule): Promise<Rule & { id: number }>;
  /** Adds a rule by which calls fail with an error of the protocol. */
  error(code: string, rule?: Rule): Promise<Rule & { id: number }>;
  /** Lists the rules. */
  all(): Promise<any>;
  /** Removes all rules. */
  clear(): Promise<void>;
}

/** A portal of one's own. */
export class Portal {
  /** Where it listens. */
  readonly url: string;
  /** An inbound webhook of the administrator with all scopes. */
  readonly webhook: string;
  /** Catches the events of the portal. */
  readonly events: Events;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The operator's API, for what has no method here. */
  readonly operator: { ask(verb: string, path: string, body?: unknown, query?: Record<string, unknown>): Promise<any> };
  /** Calls a method and returns its result. Tests of a client use the client instead. */
  call(method: string, params?: Record<string, unknown>, webhook?: string): Promise<any>;
  /** Returns calls since the last reset, oldest first, of methods with this in their names; of the newest 500. */
  calls(method?: string, query?: Record<string, unknown>): Promise<Call[]>;
  /** Rejects unless this method was called with these parameters, `times` times where given. */
  assertCalled(method: string, params?: Record<string, unknown>, options?: { times?: number }): Promise<Call[]>;
  /** Waits until no event is on its way any more; rejects after `timeout` milliseconds (5000). */
  settle(options?: { timeout?: number }): Promise<void>;
  /** Loads fixtures: departments, users and records. */
  load(fixtures: Record<string, unknown>): Promise<any>;
  /** Brings back the portal as it was at its start; caught events are forgotten. `empty` and `demo` have no webhooks. */
  reset(to?: 'start' | 'empty' | 'demo'): Promise<void>;
  /** Saves a snapshot. */
  save(name: string): Promise<void>;
  /** Brings back a snapshot; caught events are forgotten. */
  restore(name: string): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** How to start a portal. */
export interface Options {
  /** The program; otherwise PORTREEVE_BIN, or `portreeve` on the PATH. */
  binary?: string;
  /** Fixture files to load. */
  fixtures?: string[];
  /** Names of the events that `portal.events` catches; all unless given. */
  events?: string | string[];
  /** Further arguments of `portreeve serve`. */
  args?: string[];
}

/** Starts a portal in a folder of its own. */
export function start(options?: Options): Promise<Portal>;
