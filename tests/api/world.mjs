// Records to test with, in few words, and what several tests reckon alike.
import assert from 'node:assert/strict';

export const UTC_DAY = 86400000;

// "2026-03-01" so many days from now.
export function day(offset = 0) {
  return new Date(Date.now() + offset * UTC_DAY).toISOString().slice(0, 10);
}

// A request that must be refused with this status and code; the problem.
export async function refused(client, method, path, options, status, code) {
  const { body } = await client.request(method, path, { ...options, status });
  assert.equal(body.code, code, JSON.stringify(body));
  return body;
}

// The pointers of a problem, sorted.
export const pointers = (problem) => (problem.errors ?? []).map((one) => one.pointer).sort();

// Every record of a list, page by page; `between` runs before each page but the first.
export async function all(client, path, query = {}, between = async () => {}) {
  const found = [];
  let cursor;
  do {
    const asked = new URLSearchParams({ limit: 200, ...query, ...(cursor && { cursor }) });
    const { body } = await client.get(`${path}?${asked}`);
    found.push(...body.data);
    assert.equal(body.has_more, body.next_cursor !== null);
    cursor = body.next_cursor;
    if (cursor) await between();
  } while (cursor);
  return found;
}

// The next of a fixed sequence of numbers in [0, 1): the same in each run.
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

// Makes records with what is required; everything else is given.
export class World {
  constructor(client) {
    this.client = client;
    this.made = 0;
  }

  async make(path, body, options) {
    return (await this.client.post(`/v1/${path}`, body, options)).body;
  }

  account = (more = {}) => this.make('accounts', { name: `Account ${++this.made}`, ...more });
  product = (more = {}) => this.make('products', { name: `Product ${++this.made}`, ...more });

  contact = (account, more = {}) =>
    this.make('contacts', { account_id: account.id, name: `Contact ${++this.made}`, ...more });

  asset = (account, more = {}) =>
    this.make('assets', { account_id: account.id, name: `Asset ${++this.made}`, ...more });

  // A draft, and one that has been activated.
  draft = (account, more = {}) =>
    this.make('entitlements', { account_id: account.id, name: `Entitlement ${++this.made}`, ...more });

  async entitlement(account, more = {}) {
    const { id } = await this.draft(account, more);
    return this.act('entitlements', id, 'activate');
  }

  async act(plural, id, action, body = {}, options = {}) {
    return (await this.client.post(`/v1/${plural}/${id}/${action}`, body, options)).body;
  }

  case = (account, more = {}) =>
    this.make('cases', { account_id: account.id, title: `Case ${++this.made}`, ...more });

  async get(plural, id) {
    return (await this.client.get(`/v1/${plural}/${id}`)).body;
  }

  async check(question, options = {}) {
    return (await this.client.post('/v1/coverage/check', question, options)).body;
  }

  // [remaining, available] of an entitlement.
  async balance(id) {
    const { remaining, available } = await this.get('entitlements', id);
    return [remaining, available];
  }
}
