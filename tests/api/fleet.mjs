// Servers on one database that die at random and come back: one on SQLite, two on PostgreSQL.
import assert from 'node:assert/strict';
import { Client, database, fastBinary, launch } from './harness.mjs';
import { sleep } from './receiver.mjs';

export class Fleet {
  // `random` orders the deaths, `weather` which server is asked; both give [0, 1).
  constructor({ store, key, contract, args, sockets, random, weather }) {
    Object.assign(this, { store, key, contract, args, sockets, random, weather });
    this.slots = Array.from({ length: database === 'postgres' ? 2 : 1 }, () => ({ client: null, server: null, up: null }));
  }

  async raise(slot) {
    slot.server = await launch(this.store, { program: fastBinary, args: this.args });
    slot.client = new Client(slot.server.port, this.key, this.contract, { sockets: this.sockets });
  }

  raiseAll() {
    return Promise.all(this.slots.map((slot) => this.raise(slot)));
  }

  async fell(slot) {
    const { client, server } = slot;
    slot.client = null;
    server.kill('SIGKILL');
    assert.equal((await server.ended).signal, 'SIGKILL', server.log.text);
    client.close();
    await sleep(this.random() * 400);
    await this.raise(slot);
  }

  // At random instants, evenly enough that the last falls into what happens last.
  async killAll(kills, span_s) {
    const begin = Date.now();
    for (let i = 0; i < kills; i++) {
      const at = begin + (span_s * 1000 * (i + this.random())) / kills;
      await sleep(Math.max(0, at - Date.now()));
      const slot = this.slots[Math.floor(this.random() * this.slots.length)];
      await slot.up;
      slot.up = this.fell(slot);
    }
    await Promise.all(this.slots.map((slot) => slot.up));
  }

  // Ask whoever lives until somebody answers so; what is sent must be the same when it is done twice.
  async insist(method, path, options, status) {
    for (;;) {
      const { client } = this.slots[Math.floor(this.weather() * this.slots.length)];
      try {
        const reply = await client.send(method, path, options);
        if (reply.status === status) return reply.body;
        assert.ok(reply.status >= 500 || reply.body.code === 'idempotency_in_progress', JSON.stringify(reply.body));
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
      await sleep(20);
    }
  }

  async stop() {
    for (const { client, server } of this.slots) {
      client?.close();
      await server?.stop();
    }
  }
}
