// Coverage by contracts without a server: `entitled eval`, given the records as the API shows them,
// answers as the server does.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { run, startServer } from './harness.mjs';
import { all, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const plain = ({ object, actions, ...rest }) => Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));

// One contract in force, one to come, one cancelled, one suspended, one partly suspended; lines in a
// tree that end earlier; coverage rows on contracts, on lines and on an entitlement, with own days.
async function make() {
  const account = await world.account({ time_zone: 'America/New_York' });
  const [printer, display, mouse] = [await world.product(), await world.product(), await world.product()];
  const zone = { time_zone: 'America/New_York' };
  const contract = (name, more) => world.make('contracts', { account_id: account.id, name, starts_on: '2026-01-01', ends_on: '2027-12-31', ...zone, ...more });
  const line = (of, more) => world.make('contract_lines', { contract_id: of.id, name: 'Line', ...more });
  const right = (name, more, under) => world.entitlement(account, { name, ...zone, ...(under && { starts_on: under.starts_on, ends_on: under.ends_on }), ...more });
  const cover = (more) => world.make('contract_coverages', more);
  const now = await contract('Now', {});
  const top = await line(now, { ends_on: '2027-06-30' });
  const below = await line(now, { parent_id: top.id, starts_on: '2027-02-01', ends_on: '2027-06-30' });
  const other = await line(now, {});
  const later = await contract('Later', { starts_on: '2027-09-01' });
  const gone = await contract('Gone', {});
  await cover({ contract_id: now.id, product_id: printer.id });
  await cover({ contract_line_id: top.id, product_id: display.id, ends_on: '2027-03-31' });
  await right('of the contract', { contract_id: now.id }, now);
  await right('of a line', { contract_id: now.id, contract_line_id: below.id }, below);
  await right('of another line', { contract_id: now.id, contract_line_id: other.id }, now);
  await right('of one to come', { contract_id: later.id }, later);
  await right('of one cancelled', { contract_id: gone.id }, gone);
  const own = await right('with rows of its own', { products: [mouse.id] });
  await cover({ entitlement_id: own.id, product_id: display.id, starts_on: '2027-05-01', ends_on: '2027-05-31' });
  await right('without', {});
  await world.act('contracts', gone.id, 'cancel');
  await world.act('contracts', now.id, 'suspend', { lines: [other.id], starts_at: '2027-08-01T00:00:00Z', ends_at: '2027-08-15T00:00:00Z' });
  await world.act('contracts', now.id, 'suspend', { starts_at: '2027-10-01T00:00:00Z', ends_at: '2027-11-01T00:00:00Z' });
  return { account, products: [printer, display, mouse] };
}

test('the answers of entitled eval are those of the server', { timeout: 60000 }, async () => {
  const { account, products } = await make();
  const of = (path) => all(client, `/v1/${path}`, { account_id: account.id });
  const [contracts, lines, coverages, entitlements] = [
    await of('contracts'), await of('contract_lines'), await of('contract_coverages'), await of('entitlements'),
  ];
  const given = {
    accounts: [{ id: account.id }],
    products: products.map(({ id }) => ({ id })),
    contracts: contracts.map(plain),
    contract_lines: lines.map(plain),
    contract_coverages: coverages.map(plain),
    entitlements: entitlements.map(plain),
  };
  const questions = [];
  for (const at of ['2027-01-15', '2027-03-31', '2027-04-01', '2027-05-10', '2027-06-30', '2027-07-01', '2027-08-10', '2027-09-02', '2027-10-15', '2027-12-31', '2028-01-05']) {
    for (const product of [undefined, ...products]) {
      questions.push({ account_id: account.id, at: `${at}T12:00:00Z`, ...(product && { product_id: product.id }) });
    }
  }
  const input = questions.map((question, id) => JSON.stringify({ id, op: 'coverage.check', ...question, ...given })).join('\n');
  const { stdout, status } = run(['eval'], { input: `${input}\n` });
  assert.equal(status, 0, stdout.slice(0, 2000));
  const answers = stdout.trim().split('\n').map((one) => JSON.parse(one));
  const shown = (answer) => answer.candidates
    .map((one) => [one.name, one.state, one.eligible, one.reasons.map((reason) => reason.code).sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  let covered = 0;
  for (const [at, question] of questions.entries()) {
    const said = await world.check(question);
    const { result } = answers[at];
    assert.ok(result, JSON.stringify(answers[at]));
    assert.deepEqual(shown(result), shown(said), JSON.stringify(question));
    assert.equal(result.covered, said.covered);
    covered += said.candidates.filter((one) => one.eligible).length;
  }
  assert.ok(covered > 40 && covered < 44 * 7, `${covered} of 308 are eligible`);
});

test('what is refused says where', () => {
  const ask = (more) => JSON.parse(run(['eval'], {
    input: `${JSON.stringify({ id: 1, op: 'coverage.check', at: '2026-07-01T09:00:00Z', account_id: 'acme', accounts: [{ id: 'acme' }], entitlements: [], ...more })}\n`,
  }).stdout);
  assert.deepEqual(ask({ contracts: [{ id: 'c', colour: 'red' }] }).error.pointer, '/contracts/0/colour');
  assert.deepEqual(ask({ contract_lines: [{ id: 'l', starts_on: 'soon' }] }).error.pointer, '/contract_lines/0/starts_on');
  assert.deepEqual(ask({ contract_coverages: {} }).error.pointer, '/contract_coverages');
  assert.deepEqual(ask({ contracts: [{ id: 'c', time_zone: 'Mars' }] }).error.pointer, '/contracts/0/time_zone');
  assert.ok(ask({ contract_lines: [{ id: 'a', parent_id: 'b' }, { id: 'b', parent_id: 'a' }] }).ok, 'a circle ends');
});
