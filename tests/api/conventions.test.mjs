// What holds for every path: lists, single records, changes, conditions, replays, refusals.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startServer } from './harness.mjs';
import { all, pointers, randomOf, refused, World } from './world.mjs';

const server = await startServer();
const { client } = server;
const world = new World(client);
after(() => server.stop());

const meta = (await client.get('/v1/meta')).body;
const typeOf = (plural) => meta.types.find((type) => type.plural === plural);
const problem = (method, path, options, status, code) =>
  refused(client, method, path, options, status, code);

// ---- records of every kind, with nulls, ties and letters of all sorts -----------------------

const random = randomOf(1);
const pick = (list) => list[Math.floor(random() * list.length)];
const NAMES = ['alpha', 'Alpha', 'ALPHA beta', 'Ärger', 'ärger', 'zeta', '100% cotton', 'under_score', "O'Neill",
  'a\\b', 'ß', '日本', '!bang', 'line\nbreak', 'Zeta'];

async function seed() {
  const products = [];
  for (let i = 0; i < 4; i++) {
    products.push(await world.product({ code: `P-${i}`, kind: pick(['goods', 'service', 'bundle']),
      inactive: i % 2 === 0, parent_id: products[0]?.id ?? null, ends_on: i ? `2027-0${i}-01` : null }));
  }
  const accounts = [];
  for (let i = 0; i < 12; i++) {
    accounts.push(await world.account({ name: NAMES[i % NAMES.length], tier: pick(['gold', 'silver', null]),
      kind: pick(['business', 'consumer']), parent_id: i % 3 ? accounts[0].id : null, number: i % 4 ? `N${i % 5}` : null }));
  }
  for (let i = 0; i < 15; i++) {
    const account = pick(accounts);
    await world.contact(account, { name: NAMES[i], inactive: random() < 0.5, email: i % 2 ? `c${i}@example.com` : null });
    await world.asset(account, { product_id: pick([...products, { id: null }]).id, quantity: pick([1, 2, 30, null]),
      purchased_on: pick(['2025-01-31', '2026-02-28', null]), status: pick(['in_use', 'retired']) });
  }
  for (let i = 0; i < 12; i++) {
    const more = { priority: pick([0, 5, 10]), unit: 'cases', total: pick([5, 10]), restricted: random() < 0.5,
      starts_on: pick(['2026-01-01', '2027-01-01', null]), ends_on: pick(['2099-12-31', '2098-12-31', null]),
      products: pick([[], [products[1].id], [products[1].id, products[2].id]]), type: pick(['phone', null]),
      overage_price: pick([null, { amount: '12.5', currency: 'EUR' }, { amount: '9', currency: 'EUR' }]) };
    const { id } = await world.draft(accounts[i % 3], more);
    if (random() < 0.7) await world.act('entitlements', id, 'activate');
  }
  for (let i = 0; i < 10; i++) {
    const made = await world.case(accounts[i % 3], { title: NAMES[i], priority: pick(['low', 'high']), channel: pick(['phone', null]) });
    if (i % 3 === 0) await world.act('cases', made.id, 'resolve', { resolution: 'done' });
    await world.make('case_comments', { case_id: made.id, body: `Said ${i % 4}`, internal: i % 2 === 0 });
  }
  for (const scopes of [['*'], ['case.read', 'case.create'], ['*.read'], []]) {
    await world.make('api_keys', { name: `key ${scopes.length}`, scopes });
  }
  await world.make('teams', { name: 'first line' });
}

test('records to look for', seed);

// ---- filters: what the server finds is what one finds by hand ----------------------------------

// A value as the query writes it, and as it is compared: text by its bytes, numbers as such.
function plain(field, value) {
  if (value === null || value === undefined) return null;
  return field.kind === 'money' ? value.amount : value;
}

function compare(field, a, b) {
  if (field.kind === 'money') return Math.sign(Number(a) - Number(b));
  if (typeof a === 'number') return Math.sign(a - b);
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function matches(field, op, value, wanted) {
  const list = Array.isArray(value);
  switch (op) {
    case 'null': return (value === null) === (wanted === 'true');
    case 'eq': return value !== null && compare(field, value, wanted) === 0;
    case 'ne': return value !== null && compare(field, value, wanted) !== 0;
    case 'gt': return value !== null && compare(field, value, wanted) > 0;
    case 'gte': return value !== null && compare(field, value, wanted) >= 0;
    case 'lt': return value !== null && compare(field, value, wanted) < 0;
    case 'lte': return value !== null && compare(field, value, wanted) <= 0;
    case 'in': return value !== null && wanted.some((one) => compare(field, value, one) === 0);
    case 'not_in': return value !== null && !wanted.some((one) => compare(field, value, one) === 0);
    case 'contains': return list ? value.includes(wanted) : value !== null && value.toLowerCase().includes(wanted.toLowerCase());
    case 'starts_with': return value !== null && value.toLowerCase().startsWith(wanted.toLowerCase());
    default: throw new Error(`no oracle for ${op}`);
  }
}

// What to ask an operator for, given the values there are.
function questions(field, op, values) {
  const flat = [...new Set(values.flat())].filter((value) => value !== null).slice(0, 6);
  if (op === 'null') return ['true', 'false'];
  if (op === 'in' || op === 'not_in') {
    const sayable = flat.filter((value) => !String(value).includes(',') && value !== '');
    return sayable.length > 1 ? [sayable.slice(0, 2), [sayable[0]]] : [];
  }
  if (op === 'contains' && !['ids', 'words'].includes(field.kind)) {
    return [...flat.map((value) => value.slice(1, 4)), '%', '_', 'A'].filter((text) => text !== '');
  }
  if (op === 'starts_with') return [...flat.map((value) => value.slice(0, 2)), '_', '%'];
  return flat;
}

const isPresent = (record, field) => record[field.name] !== undefined;

for (const { plural } of meta.types.filter((type) => type.plural)) {
  test(`filters of ${plural}`, async () => {
    const records = await all(client, `/v1/${plural}`);
    const kinds = new Set();
    for (const field of typeOf(plural).fields.filter((one) => one.filterable)) {
      const values = records.filter((one) => isPresent(one, field)).map((one) => plain(field, one[field.name]));
      for (const op of field.ops) {
        for (const wanted of questions(field, op, values)) {
          const name = op === 'eq' && field.name !== 'total' ? field.name : `${field.name}[${op}]`;
          const query = new URLSearchParams({ [name]: String(wanted), limit: 200 });
          const { body } = await client.get(`/v1/${plural}?${query}`);
          const expected = records.filter((one) => matches(field, op, plain(field, one[field.name]), wanted));
          // what the test itself does is an event too, and keys note their use
          const found = body.data.filter((one) => records.some(({ id }) => id === one.id));
          assert.deepEqual(found.map((one) => one.id).sort(), expected.map((one) => one.id).sort(),
            `${plural} ${decodeURIComponent(query)}`);
          kinds.add(`${field.kind} ${op}`);
        }
      }
    }
    assert.ok(records.length === 0 || kinds.size > 5, [...kinds].join(', '));
  });
}

test('filters are joined by and', async () => {
  const query = new URLSearchParams({ kind: 'business', 'tier[in]': 'gold,silver', 'name[ne]': 'zeta', total: 'true' });
  const { body } = await client.get(`/v1/accounts?${query}`);
  assert.equal(body.total, body.data.length);
  assert.ok(body.data.length > 0);
  assert.ok(body.data.every((one) => one.kind === 'business' && ['gold', 'silver'].includes(one.tier)));
});

const badQueries = [
  ['accounts', 'nonsense=1', 'bad_filter', '#/nonsense'],
  ['accounts', 'name[like]=x', 'bad_filter', '#/name'],
  ['accounts', 'name[gt=x', 'bad_parameter', '#/name[gt'],
  ['accounts', 'kind=person', 'bad_filter', '#/kind'],
  ['accounts', 'kind[gt]=business', 'bad_filter', '#/kind'],
  ['accounts', 'created_at[gt]=yesterday', 'bad_filter', '#/created_at'],
  ['accounts', 'version=one', 'bad_filter', '#/version'],
  ['accounts', 'parent_id=acc_1', 'bad_filter', '#/parent_id'],
  ['accounts', 'parent_id[null]=maybe', 'bad_filter', '#/parent_id'],
  ['accounts', 'metadata=x', 'bad_filter', '#/metadata'],
  ['contacts', 'inactive=1', 'bad_filter', '#/inactive'],
  ['api_keys', 'secret_hash=x', 'bad_filter', '#/secret_hash'],
  ['api_keys', 'secret[null]=true', 'bad_filter', '#/secret'],
  ['users', 'password_hash[starts_with]=x', 'bad_filter', '#/password_hash'],
  ['users', 'password[null]=false', 'bad_filter', '#/password'],
  ['entitlements', 'stage=live', 'bad_filter', '#/stage'],
  ['accounts', 'sort=nonsense', 'bad_parameter', '#/sort'],
  ['accounts', 'sort=metadata', 'bad_parameter', '#/sort'],
  ['accounts', 'sort=description', 'bad_parameter', '#/sort'],
  ['users', 'sort=password_hash', 'bad_parameter', '#/sort'],
  ['accounts', 'sort=name,tier,kind,number', 'bad_parameter', '#/sort'],
  ['accounts', 'limit=0', 'bad_parameter', '#/limit'],
  ['accounts', 'limit=201', 'bad_parameter', '#/limit'],
  ['accounts', 'limit=ten', 'bad_parameter', '#/limit'],
  ['accounts', 'total=yes', 'bad_parameter', '#/total'],
  ['accounts', 'fields=id,nonsense', 'bad_parameter', '#/fields'],
  ['api_keys', 'fields=secret_hash', 'bad_parameter', '#/fields'],
  ['accounts', 'expand=nonsense', 'bad_parameter', '#/expand'],
  ['accounts', 'expand=name', 'bad_parameter', '#/expand'],
  ['events', 'q=x&expand=account.parent', 'bad_parameter', '#/expand'],
  ['accounts', `q=${'x'.repeat(201)}`, 'bad_parameter', '#/q'],
  ['accounts', Array.from({ length: 21 }, (_, i) => `version[gt]=${i}`).join('&'), 'bad_filter', '#/version'],
];

for (const [plural, query, code, pointer] of badQueries) {
  test(`400 for ${plural}?${query.slice(0, 60)}`, async () => {
    const body = await problem('GET', `/v1/${plural}?${query}`, {}, 400, code);
    assert.deepEqual([...new Set(pointers(body))], [pointer]);
  });
}

test('a bad filter says what would be good', async () => {
  const remedies = [
    ['nme=x', 'there is no such field to filter by; did you mean name?'],
    ['colour=red', 'there is no such field to filter by'],
    ['kind=person', 'give one of business consumer'],
    ['kind[in]=business,person', 'give one of business consumer', 'person'],
    ['created_at[gt]=yesterday', 'give a time like 2026-01-31T09:30:00Z'],
    ['version=one', 'give a whole number'],
    ['parent_id=acc_1', 'give an identifier like acc_0123456789abc'],
    ['approve_contracts=1', 'give true or false'],
  ];
  const worked = 'it is worked out when it is read: it cannot be';
  for (const [query, detail, code] of [['remaining[lt]=5', `${worked} filtered by`, 'bad_filter'], ['sort=remaining', `${worked} sorted by`, 'bad_parameter']]) {
    const { errors } = await problem('GET', `/v1/entitlements?${query}`, {}, 400, code);
    assert.deepEqual(errors.map((one) => one.detail), [detail], query);
  }
  for (const [query, detail, value] of remedies) {
    const { errors } = await problem('GET', `/v1/accounts?${query}`, {}, 400, 'bad_filter');
    assert.deepEqual(errors.map((one) => [one.detail, one.value]), [[detail, value ?? query.split('=')[1]]], query);
  }
});

test('several bad parameters are told at once', async () => {
  const body = await problem('GET', '/v1/accounts?limit=0&sort=x&kind=y&fields=z', {}, 400, 'bad_parameter');
  assert.deepEqual(pointers(body), ['#/fields', '#/kind', '#/limit', '#/sort']);
});

test('many values: 200 in a filter, 1,000 in all', async () => {
  const values = (count) => Array.from({ length: count }, (_, i) => i % 10).join(',');
  const query = (filters) => filters.map((count) => `version[in]=${values(count)}`).join('&');
  await client.get(`/v1/accounts?${query([200, 200, 200, 200, 200])}&sort=name,tier,-number&q=a`);
  await problem('GET', `/v1/accounts?${query([200, 200, 200, 200, 200, 1])}`, {}, 400, 'bad_filter');
  await problem('GET', `/v1/accounts?${query([201])}`, {}, 400, 'bad_filter');
  const states = Array.from({ length: 10 }, () => 'state[in]=active&is_default=false').join('&');
  await client.get(`/v1/entitlements?${states}&sort=state,is_default,-state`);
});

test('the organisation’s own events are those of no account', async () => {
  const own = (await client.get('/v1/events?account_id[null]=true')).body.data;
  assert.ok(own.length > 0 && own.every((one) => one.account_id === null));
});

test('q looks into every searched field, without regard to case, wildcards being letters', async () => {
  const found = async (q) => (await all(client, '/v1/accounts', { q })).map((one) => one.name);
  assert.deepEqual(new Set(await found('ALPHA')), new Set(['alpha', 'Alpha', 'ALPHA beta']));
  assert.deepEqual(new Set(await found('äRGER')), new Set(['ärger', 'Ärger']));
  assert.deepEqual(await found('%'), ['100% cotton']);
  assert.deepEqual(await found('r_s'), ['under_score']);
  assert.ok((await found('N1')).length > 0, 'number is searched too');
  assert.deepEqual(await found('nowhere'), []);
});

test('fields: those and the id', async () => {
  const { body } = await client.get('/v1/accounts?fields=name,tier&limit=3');
  for (const one of body.data) {
    assert.deepEqual(Object.keys(one).sort(), ['id', 'name', 'object', 'tier']);
  }
  const { body: single } = await client.get(`/v1/accounts/${body.data[0].id}?fields=name`);
  assert.deepEqual(Object.keys(single).sort(), ['id', 'name', 'object']);
});

test('expand puts the record beside its id, null where there is none', async () => {
  const cases = await all(client, '/v1/cases', { expand: 'account,entitlement,contact' });
  for (const one of cases) {
    assert.equal(one.account.id, one.account_id);
    assert.equal(one.account.object, 'account');
    assert.equal(one.entitlement?.id ?? null, one.entitlement_id);
    assert.equal(one.contact, null);
  }
  assert.ok(cases.some((one) => one.entitlement), 'some are covered');
  const { body } = await client.get(`/v1/cases/${cases[0].id}?expand[]=account&expand[]=entitlement`);
  assert.equal(body.account.id, body.account_id);
});

test('expand shows null for what the caller may not read', async () => {
  const key = server.createKey('agent', 'case.*');
  const { body } = await client.get('/v1/cases?expand=account,assignee&limit=2', { key });
  assert.ok(body.data.every((one) => one.account === null && one.assignee === null && one.account_id));
});

// ---- sorting and paging ------------------------------------------------------------------------

test('nulls come last going up and first going down; ties go by id in the same direction', async () => {
  const rows = await all(client, '/v1/accounts');
  const order = (a, b) => {
    if (a.tier !== b.tier) {
      if (a.tier === null || b.tier === null) return a.tier === null ? 1 : -1;
      return a.tier < b.tier ? -1 : 1;
    }
    return a.id < b.id ? -1 : 1;
  };
  const up = rows.slice().sort(order).map((one) => one.id);
  assert.deepEqual((await all(client, '/v1/accounts', { sort: 'tier', limit: 3 })).map((one) => one.id), up);
  assert.deepEqual((await all(client, '/v1/accounts', { sort: '-tier', limit: 3 })).map((one) => one.id), up.slice().reverse());
});

test('without sort the newest come first', async () => {
  const ids = (await all(client, '/v1/accounts', { limit: 5 })).map((one) => one.id);
  assert.deepEqual(ids, ids.slice().sort().reverse());
});

test('text sorts by its bytes', async () => {
  const names = (await all(client, '/v1/contacts', { sort: 'name', limit: 4 })).map((one) => Buffer.from(one.name));
  assert.deepEqual(names, names.slice().sort(Buffer.compare));
});

// 500 rows with ties and nulls; before each page one more is put in.
test('pages lose nothing and repeat nothing while rows are inserted', async () => {
  const account = await world.account({ name: 'with many assets' });
  const made = [];
  await Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let i = lane; i < 500; i += 8) {
      made.push(await world.asset(account, { name: `asset ${i % 37}`, quantity: i % 5 ? i % 7 : null,
        status: i % 2 ? 'in_use' : 'retired', installed_on: i % 3 ? `2026-01-${10 + (i % 9)}` : null }));
    }
  }));
  const wanted = new Set(made.map((one) => one.id));
  const sorts = ['', 'name', '-name', 'quantity', '-quantity,name', 'installed_on,-quantity', 'status,-installed_on,name',
    'created_at', '-updated_at', 'id', '-id', 'product_id', 'external_id,-version'];
  for (const sort of sorts) {
    const found = await all(client, '/v1/assets', { account_id: account.id, limit: 47, ...(sort && { sort }) },
      () => world.asset(account, { name: `asset ${Math.floor(random() * 40)}`, quantity: pick([null, 3, 9]) }));
    const ids = found.map((one) => one.id);
    assert.equal(new Set(ids).size, ids.length, `${sort}: repeated`);
    assert.equal(ids.filter((id) => wanted.has(id)).length, 500, `${sort}: lost`);
  }
});

test('total counts all pages', async () => {
  const { body } = await client.get('/v1/assets?q=asset&limit=1&total=true');
  assert.ok(body.total >= 500);
  assert.equal(body.data.length, 1);
  assert.equal('total' in (await client.get('/v1/assets?limit=1')).body, false);
  const filtered = (await client.get('/v1/entitlements?total[gte]=10&total=true')).body;
  assert.equal(filtered.total, filtered.data.length);
  assert.ok(filtered.data.every((one) => one.total >= 10));
});

test('a cursor belongs to its filters and its sort', async () => {
  const { body } = await client.get('/v1/assets?limit=2&sort=name');
  const cursor = encodeURIComponent(body.next_cursor);
  await client.get(`/v1/assets?limit=5&sort=name&cursor=${cursor}`);
  const others = ['sort=-name', 'sort=name,status', '', 'sort=name&status=retired', 'sort=name&q=x'];
  for (const other of others) {
    await problem('GET', `/v1/assets?${other}&cursor=${cursor}`, {}, 400, 'bad_cursor');
  }
  await problem('GET', `/v1/contacts?sort=name&cursor=${cursor}`, {}, 400, 'bad_cursor');
  const broken = ['x', '!!!!', body.next_cursor.slice(0, 8), `${body.next_cursor}AAAA`, 'a'.repeat(3000)];
  for (const wrong of broken) {
    await problem('GET', `/v1/assets?sort=name&cursor=${encodeURIComponent(wrong)}`, {}, 400, 'bad_cursor');
  }
});

test('a cursor with keys of another kind is refused', async () => {
  const { body } = await client.get('/v1/assets?limit=1&sort=name,quantity');
  const plain = Buffer.from(body.next_cursor, 'base64url').toString();
  const forged = [plain.replace(/t\d+:/, 'i1:'), plain.replace(/i(\d+):/g, 't1:9'), plain.replace(/t\d+:/, 't999:'),
    plain.replace(/t\d+:/, 't-1:'), `${plain}i1:`, plain.replace(/i\d+:$/, '')];
  for (const one of forged) {
    const cursor = Buffer.from(one).toString('base64url');
    await problem('GET', `/v1/assets?limit=1&sort=name,quantity&cursor=${cursor}`, {}, 400, 'bad_cursor');
  }
});

test('pages go on behind texts of any kind', async () => {
  const account = await world.account({ name: 'with odd contacts' });
  const names = [...NAMES, 'a\u0001b', 'tab\tbed', '"quoted"', '\u{10ffff}', '💡'];
  for (const name of names) {
    await client.request('POST', '/v1/contacts', { body: { account_id: account.id, name }, status: [201, 422] });
  }
  const { total } = (await client.get(`/v1/contacts?account_id=${account.id}&total=true`)).body;
  assert.ok(total >= names.length - 2);
  for (const sort of ['name', '-name']) {
    assert.equal((await all(client, '/v1/contacts', { account_id: account.id, limit: 1, sort })).length, total);
  }
});

// ---- one record -----------------------------------------------------------------------------------

test('create answers 201 with Location and ETag; what was created can be read', async () => {
  const { status, headers, body } = await client.post('/v1/accounts', { name: 'New', metadata: { a: 'b' } });
  assert.equal(status, 201);
  assert.equal(headers.location, `/v1/accounts/${body.id}`);
  assert.equal(headers.etag, '"v1"');
  const read = await client.get(headers.location);
  assert.deepEqual(read.body, body);
  assert.equal(read.headers.etag, '"v1"');
});

test('what is no record is 404', async () => {
  await problem('GET', '/v1/accounts/acc_0123456789abc', {}, 404, 'not_found');
  await problem('GET', '/v1/accounts/nonsense', {}, 404, 'not_found');
  const { id } = await world.contact(await world.account());
  await problem('GET', `/v1/accounts/${id}`, {}, 404, 'not_found');
  await problem('PATCH', '/v1/accounts/acc_0123456789abc', { body: { name: 'x' } }, 404, 'not_found');
  await problem('DELETE', '/v1/accounts/acc_0123456789abc', {}, 404, 'not_found');
  await problem('POST', '/v1/cases/cas_0123456789abc/resolve', { body: {} }, 404, 'not_found');
});

test('every bad field is told at once, with its place', async () => {
  const body = await problem('POST', '/v1/entitlements', { body: {
    name: '', account_id: 'acc_0123456789abc', starts_on: '2026-02-30', unit: 'hours', total: -1, priority: 'high',
    overage_price: { amount: '1,5', currency: 'EUR' }, contacts: ['x'], grants: [{}, { product_id: 7 }], nonsense: 1,
    state: 'active', metadata: { a: 1 } } }, 422, 'invalid');
  assert.deepEqual(pointers(body), ['#/account_id', '#/contacts/0', '#/grants/1/product_id', '#/metadata/a', '#/name', '#/nonsense',
    '#/overage_price/amount', '#/priority', '#/starts_on', '#/state', '#/total', '#/unit'].sort());
  assert.equal(body.request_id.length > 0, true);
  assert.ok(body.errors.every((one) => one.code && one.detail));
});

test('a problem that is one field has its code', async () => {
  const body = await problem('POST', '/v1/contacts', { body: { account_id: 'acc_0123456789abc', name: 'x' } }, 422, 'no_such_record');
  assert.deepEqual(pointers(body), ['#/account_id']);
});

// ---- merge patch ---------------------------------------------------------------------------------

test('merge patch: absent stays, null removes, lists are replaced, maps are merged', async () => {
  const account = await world.account({ tier: 'gold', phone: '1', metadata: { a: '1', b: '2' } });
  const [one, two] = [await world.product(), await world.product()];
  const { body } = await client.patch(`/v1/accounts/${account.id}`, { tier: null, metadata: { a: null, c: '3' } });
  assert.deepEqual([body.tier, body.phone, body.metadata, body.version], [null, '1', { b: '2', c: '3' }, 2]);
  const draft = await world.draft(account, { products: [one.id] });
  const changed = (await client.patch(`/v1/entitlements/${draft.id}`, { products: [two.id] })).body;
  assert.deepEqual(changed.products, [two.id]);
  const emptied = (await client.patch(`/v1/entitlements/${draft.id}`, { products: null })).body;
  assert.deepEqual(emptied.products, []);
});

test('a patch that changes nothing leaves the version', async () => {
  const account = await world.account({ tier: 'gold' });
  const { body, headers } = await client.patch(`/v1/accounts/${account.id}`, { tier: 'gold' });
  assert.deepEqual([body.version, headers.etag, body.updated_at], [1, '"v1"', account.updated_at]);
});

test('what was read can be sent back', async () => {
  const account = await world.account();
  const draft = await world.draft(account, { unit: 'cases', total: 5, channels: [{ channel: 'phone', total: 3 }], grants: [{ channel: 'web' }] });
  for (const [plural, record] of [['accounts', account], ['entitlements', draft]]) {
    const { body } = await client.patch(`/v1/${plural}/${record.id}`, record);
    assert.equal(body.version, record.version);
  }
});

test('children keep their ids; those not named go', async () => {
  const draft = await world.draft(await world.account(), { unit: 'cases', total: 9,
    channels: [{ channel: 'phone', total: 3 }, { channel: 'web', total: 4 }] });
  const [phone, web] = draft.channels;
  const { body } = await client.patch(`/v1/entitlements/${draft.id}`,
    { channels: [{ id: web.id, total: 5 }, { channel: 'email', total: 1 }] });
  assert.deepEqual(body.channels.map((one) => [one.channel, one.total]), [['web', 5], ['email', 1]]);
  assert.equal(body.channels[0].id, web.id);
  assert.ok(![phone.id, web.id].includes(body.channels[1].id));
});

test('a patch is an object', async () => {
  const { id } = await world.account();
  for (const body of ['[]', '"x"', 'null', '1']) {
    await client.request('PATCH', `/v1/accounts/${id}`, { body, status: [400, 422] });
  }
  const several = await problem('PATCH', `/v1/accounts/${id}`, { body: { name: null, kind: 'x' } }, 422, 'invalid');
  assert.deepEqual(pointers(several), ['#/kind', '#/name']);
  const fixed = await world.contact(await world.account());
  await problem('PATCH', `/v1/contacts/${fixed.id}`, { body: { account_id: id } }, 422, 'fixed');
});

// ---- delete -----------------------------------------------------------------------------------------

test('delete: 204, then 404; refused while in use or locked', async () => {
  const account = await world.account();
  const contact = await world.contact(account);
  await problem('DELETE', `/v1/accounts/${account.id}`, {}, 409, 'in_use');
  const reply = await client.delete(`/v1/contacts/${contact.id}`, { status: 204 });
  assert.equal(reply.bytes.length, 0);
  await problem('GET', `/v1/contacts/${contact.id}`, {}, 404, 'not_found');
  await problem('DELETE', `/v1/contacts/${contact.id}`, {}, 404, 'not_found');
  const active = await world.entitlement(account);
  await problem('DELETE', `/v1/entitlements/${active.id}`, {}, 409, 'delete_locked');
});

test('what is no longer referred to can be deleted', async () => {
  const [account, product] = [await world.account(), await world.product()];
  const asset = await world.asset(account, { product_id: product.id });
  await problem('DELETE', `/v1/products/${product.id}`, {}, 409, 'in_use');
  await client.patch(`/v1/assets/${asset.id}`, { product_id: null });
  await client.delete(`/v1/products/${product.id}`, { status: 204 });
});

// ---- by external id ------------------------------------------------------------------------------------

test('upsert: 201, then 200 and the same record', async () => {
  const path = '/v1/accounts/by-external/crm/A%2F1%20x';
  const first = await client.request('PUT', path, { body: { name: 'One' }, status: 201 });
  assert.deepEqual([first.body.external_system, first.body.external_id], ['crm', 'A/1 x']);
  const second = await client.request('PUT', path, { body: { tier: 'gold' }, status: 200 });
  assert.deepEqual([second.body.id, second.body.name, second.body.tier, second.body.version],
    [first.body.id, 'One', 'gold', 2]);
  const third = await client.request('PUT', path, { body: { tier: 'gold' }, status: 200 });
  assert.equal(third.body.version, 2);
  const other = await problem('PUT', path, { body: { tier: 'x', external_system: 'erp', external_id: 'A/2' } }, 422, 'invalid');
  assert.deepEqual(pointers(other), ['#/external_id', '#/external_system']);
  await client.request('PUT', path, { body: { external_system: 'crm', external_id: 'A/1 x' }, status: 200 });
  const posted = await problem('POST', '/v1/accounts', { body: { name: 'x', external_system: 'crm', external_id: 'A/1 x' } }, 409, 'duplicate');
  assert.deepEqual(pointers(posted), ['#/external_id']);
});

test('upserts at once make one record', async () => {
  for (let round = 0; round < 10; round++) {
    const replies = await Promise.all(Array.from({ length: 6 }, (_, i) =>
      client.request('PUT', `/v1/accounts/by-external/race/${round}`, { body: { name: `by ${i}` }, status: [200, 201] })));
    assert.equal(new Set(replies.map((one) => one.body.id)).size, 1);
    assert.equal(replies.filter((one) => one.status === 201).length, 1);
  }
  const { body } = await client.get('/v1/accounts?external_system=race&total=true');
  assert.equal(body.total, 10);
});

// ---- conditions -------------------------------------------------------------------------------------------

test('If-None-Match: 304 without a body', async () => {
  const { id } = await world.account();
  const path = `/v1/accounts/${id}`;
  for (const known of ['"v1"', '"v0", "v1"', 'W/"v1"', '*']) {
    const reply = await client.request('GET', path, { headers: { 'if-none-match': known }, status: 304 });
    assert.equal(reply.bytes.length, 0);
    assert.equal(reply.headers.etag, '"v1"');
  }
  for (const other of ['"v2"', '"v11"', 'v1', '"1"']) {
    await client.get(path, { headers: { 'if-none-match': other } });
  }
});

test('If-Match: what another has changed is not overwritten', async () => {
  const { id } = await world.account();
  const path = `/v1/accounts/${id}`;
  await client.patch(path, { tier: 'gold' }, { headers: { 'if-match': '"v1"' } });
  await problem('PATCH', path, { body: { tier: 'x' }, headers: { 'if-match': '"v1"' } }, 412, 'precondition_failed');
  for (const wrong of ['"v3"', '"x"', 'v2', '', '"v0"', '"v-1"', '"v99999999999999999999"']) {
    await problem('PATCH', path, { body: { tier: 'x' }, headers: { 'if-match': wrong } }, 412, 'precondition_failed');
  }
  await client.patch(path, { tier: 'y' }, { headers: { 'if-match': '*' } });
  await problem('DELETE', path, { headers: { 'if-match': '"v1"' } }, 412, 'precondition_failed');
  const made = await world.case({ id });
  await problem('POST', `/v1/cases/${made.id}/cancel`, { body: {}, headers: { 'if-match': '"v7"' } }, 412, 'precondition_failed');
  await world.act('cases', made.id, 'cancel', {}, { headers: { 'if-match': '"v1"' } });
  await client.delete(path, { headers: { 'if-match': '"v3"' }, status: 409 });
});

test('If-Match may name several versions, on one line or more; a weak one never matches', async () => {
  const { id } = await world.account();
  const path = `/v1/accounts/${id}`;
  const send = (match, status) => client.request('PATCH', path, { body: { tier: `t${++world.made}` }, headers: { 'if-match': match }, status });
  const rows = [['"v7", "v1"', 200], ['"v1","v3"', 412], ['"v1" , "other, with a comma" ,"v2"', 200], [',"v3",,', 200], [['"v9"', '"v4"'], 200],
    ['W/"v5"', 412], ['W/"v5", "v5"', 200], ['"v1", W/"v6"', 412], ['"v6", v6', 412], ['"v6" "v7"', 412], ['"v6", *', 412], ['"v6', 412], [' * ', 200]];
  for (const [match, status] of rows) {
    const { body } = await send(match, status);
    if (status === 412) assert.equal(body.code, 'precondition_failed', match);
  }
  assert.match((await send('W/"v7"', 412)).body.detail, /weak/);
  assert.match((await send('"v1", "v2"', 412)).body.detail, /version 7 now/);
  const made = await world.case({ id });
  await problem('POST', `/v1/cases/${made.id}/cancel`, { body: {}, headers: { 'if-match': '"v6", "v7"' } }, 412, 'precondition_failed');
  await world.act('cases', made.id, 'cancel', {}, { headers: { 'if-match': '"v6", "v1"' } });
  const set = await world.make('holiday_sets', { name: 'Matched' });
  const ics = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n';
  await problem('POST', `/v1/holiday_sets/${set.id}/import`, { body: { ics }, headers: { 'if-match': '"v8", "v9"' } }, 412, 'precondition_failed');
  const { headers } = await client.get('/v1/settings');
  await problem('PATCH', '/v1/settings', { body: { organisation: 'x' }, headers: { 'if-match': '"v98", "v99"' } }, 412, 'precondition_failed');
  await client.patch('/v1/settings', { session_hours: 12 }, { headers: { 'if-match': `"v99", ${headers.etag}` } });
});

test('If-Match before there is a record matches nothing', async () => {
  for (const match of ['*', '"v1"']) {
    await problem('PUT', '/v1/accounts/by-external/crm/matched', { body: { name: 'x' }, headers: { 'if-match': match } }, 412, 'precondition_failed');
  }
  await client.request('PUT', '/v1/accounts/by-external/crm/matched', { body: { name: 'x' }, status: 201 });
  await client.request('PUT', '/v1/accounts/by-external/crm/matched', { body: { name: 'y' }, headers: { 'if-match': '"v1", "v2"' }, status: 200 });
});

test('of changes made from one version at once, one is done', async () => {
  const { id } = await world.account();
  const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => client.request('PATCH', `/v1/accounts/${id}`,
    { body: { tier: `t${i}` }, headers: { 'if-match': '"v1"' }, status: [200, 412] })));
  assert.equal(replies.filter((one) => one.status === 200).length, 1);
  assert.equal((await world.get('accounts', id)).version, 2);
});

test('the setting require_if_match: 428 for changes, not for creating', async () => {
  const { headers } = await client.get('/v1/settings');
  await client.patch('/v1/settings', { require_if_match: true }, { headers: { 'if-match': headers.etag } });
  const { id } = await world.account();
  await problem('PATCH', `/v1/accounts/${id}`, { body: { tier: 'x' } }, 428, 'precondition_required');
  await problem('DELETE', `/v1/accounts/${id}`, {}, 428, 'precondition_required');
  await problem('PATCH', '/v1/settings', { body: { require_if_match: false } }, 428, 'precondition_required');
  await client.patch(`/v1/accounts/${id}`, { tier: 'x' }, { headers: { 'if-match': '"v1"' } });
  await client.patch('/v1/settings', { require_if_match: false }, { headers: { 'if-match': '*' } });
});

// ---- Idempotency-Key ------------------------------------------------------------------------------------------

const keyed = (key, more = {}) => ({ headers: { 'idempotency-key': key }, ...more });

test('the same key gives the same reply, byte by byte, and does nothing', async () => {
  const body = { name: 'Once' };
  const first = await client.post('/v1/accounts', body, keyed('k1'));
  const again = await client.post('/v1/accounts', body, keyed('"k1"'));
  assert.equal(first.headers['idempotent-replayed'], undefined);
  assert.equal(again.headers['idempotent-replayed'], 'true');
  assert.deepEqual(again.bytes, first.bytes);
  for (const name of ['etag', 'location', 'content-type']) {
    assert.equal(again.headers[name], first.headers[name]);
  }
  assert.equal(again.status, 201);
  assert.equal((await client.get('/v1/accounts?name=Once&total=true')).body.total, 1);
});

test('changes, actions and deletions are replayed too', async () => {
  const account = await world.account();
  const made = await world.case(account);
  const twice = async (method, path, body, key) => {
    const first = await client.request(method, path, { body, ...keyed(key), status: [200, 204] });
    const again = await client.request(method, path, { body, ...keyed(key), status: first.status });
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.bytes, first.bytes);
    assert.equal(again.headers.etag, first.headers.etag);
  };
  await twice('PATCH', `/v1/accounts/${account.id}`, { tier: 'gold' }, 'k-patch');
  await twice('POST', `/v1/cases/${made.id}/resolve`, { resolution: 'x' }, 'k-act');
  await twice('PUT', '/v1/accounts/by-external/k/1', { name: 'x', tier: 'y' }, 'k-put').catch(async () => {
    await twice('PUT', '/v1/accounts/by-external/k/1', { name: 'x', tier: 'z' }, 'k-put2');
  });
  const contact = await world.contact(account);
  await twice('DELETE', `/v1/contacts/${contact.id}`, undefined, 'k-del');
});

test('the same key with another request is refused', async () => {
  await client.post('/v1/accounts', { name: 'a' }, keyed('k2'));
  await problem('POST', '/v1/accounts', { body: { name: 'b' }, ...keyed('k2') }, 422, 'idempotency_mismatch');
  await problem('POST', '/v1/accounts?fields=id', { body: { name: 'a' }, ...keyed('k2') }, 422, 'idempotency_mismatch');
  await client.post('/v1/products', { name: 'a' }, keyed('k2'));
});

test('what failed is not kept', async () => {
  await problem('POST', '/v1/accounts', { body: { name: '' }, ...keyed('k3') }, 422, 'required');
  const { body } = await client.post('/v1/accounts', { name: 'good' }, keyed('k3'));
  assert.ok(body.id);
  await problem('POST', '/v1/accounts', { body: '{', ...keyed('k4') }, 400, 'syntax');
  await client.post('/v1/accounts', { name: 'good' }, keyed('k4'));
});

test('a key is its owner’s', async () => {
  const other = server.createKey('manager', '*');
  const first = await client.post('/v1/accounts', { name: 'mine' }, keyed('k5'));
  const second = await client.post('/v1/accounts', { name: 'theirs' }, keyed('k5', { key: other }));
  assert.notEqual(second.body.id, first.body.id);
});

test('a key of wrong length is refused', async () => {
  for (const key of ['', '""', 'x'.repeat(256)]) {
    await problem('POST', '/v1/accounts', { body: { name: 'x' }, ...keyed(key) }, 400, 'idempotency_key');
  }
  await client.post('/v1/accounts', { name: 'x' }, keyed('x'.repeat(255)));
});

test('while the first is on its way the second waits: one does it', async () => {
  for (let round = 0; round < 5; round++) {
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.request('POST', '/v1/accounts',
      { body: { name: `race ${round}` }, ...keyed(`race-${round}`), status: [201, 409] })));
    const done = replies.filter((one) => one.status === 201);
    assert.ok(done.length >= 1);
    assert.equal(new Set(done.map((one) => one.body.id)).size, 1);
    assert.ok(replies.filter((one) => one.status === 409).every((one) => one.body.code === 'idempotency_in_progress'));
    assert.equal((await client.get(`/v1/accounts?name=race%20${round}&total=true`)).body.total, 1);
  }
});

test('a key does not make reading stale', async () => {
  const { id } = await world.account();
  await client.get(`/v1/accounts/${id}`, keyed('r1'));
  await client.patch(`/v1/accounts/${id}`, { tier: 'new' });
  assert.equal((await client.get(`/v1/accounts/${id}`, keyed('r1'))).body.tier, 'new');
});

// ---- the request as such ------------------------------------------------------------------------------------------

test('the request id is given back, or made', async () => {
  const given = await client.get('/v1/settings', { headers: { 'x-request-id': 'abc-123_4.5' } });
  assert.equal(given.headers['x-request-id'], 'abc-123_4.5');
  const made = await client.get('/v1/settings');
  assert.match(made.headers['x-request-id'], /^req_[0-9a-f]{16}$/);
  for (const bad of ['x y', 'a'.repeat(40), '<script>']) {
    const { headers } = await client.get('/v1/settings', { headers: { 'x-request-id': bad } });
    assert.notEqual(headers['x-request-id'], bad);
  }
  const body = await problem('GET', '/v1/nothing', { headers: { 'x-request-id': 'lost' } }, 404, 'not_found');
  assert.equal(body.request_id, 'lost');
});

test('events tell the request, the actor and the reason', async () => {
  const headers = { 'x-request-id': 'why-1', 'x-reason': 'M%C3%BCller%20asked' };
  const { body } = await client.post('/v1/accounts', { name: 'reasoned' }, { headers });
  const { body: events } = await client.get(`/v1/events?subject_id=${body.id}`);
  const [event] = events.data;
  assert.deepEqual([event.type, event.request_id, event.reason, event.origin, event.account_id],
    ['account.created', 'why-1', 'Müller asked', '127.0.0.1', body.id]);
  assert.match(event.actor, /^key_/);
});

test('traceparent is accepted, also a bad one, and is in the log', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  await client.get('/v1/settings', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  await client.get('/v1/settings', { headers: { traceparent: 'nonsense' } });
  for (let i = 0; i < 100 && !server.log.text.includes(trace); i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.ok(server.log.text.includes(`"trace_id":"${trace}"`));
});

test('gzip is the same text, where it was asked for and is worth it', async () => {
  const raw = (headers) => new Promise((done, fail) => {
    import('node:http').then(({ default: http }) => http.get({ host: '127.0.0.1', port: server.port,
      path: '/v1/assets?limit=50&sort=id', headers: { authorization: `Bearer ${server.key}`, ...headers } }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('end', () => done({ headers: reply.headers, bytes: Buffer.concat(chunks) }));
    }).on('error', fail));
  });
  const clear = await raw({});
  const packed = await raw({ 'accept-encoding': 'br, gzip' });
  const not = await raw({ 'accept-encoding': 'gzip;q=0' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.ok(packed.bytes.length < clear.bytes.length / 2);
  assert.deepEqual(gunzipSync(packed.bytes), clear.bytes);
  assert.equal(not.headers['content-encoding'], undefined);
  assert.deepEqual(not.bytes, clear.bytes);
});

test('HEAD is GET without the body', async () => {
  const { id } = await world.account();
  for (const path of [`/v1/accounts/${id}`, '/v1/accounts?limit=1', '/healthz', '/v1/nothing']) {
    const get = await client.request('GET', path);
    const head = await client.send('HEAD', path);
    assert.equal(head.status, get.status, path);
    assert.equal(head.bytes.length, 0);
    assert.equal(head.headers.etag, get.headers.etag);
    assert.equal(head.headers['content-type'], get.headers['content-type']);
  }
});

test('404 and 405 with what is allowed', async () => {
  await problem('GET', '/v1/nothing', {}, 404, 'not_found');
  const allowed = async (method, path, wanted) => {
    const reply = await client.request(method, path, { body: method === 'GET' ? undefined : {}, status: 405 });
    assert.equal(reply.body.code, 'method_not_allowed');
    assert.equal(reply.headers.allow, wanted);
  };
  await allowed('DELETE', '/v1/accounts', 'GET, HEAD, POST, OPTIONS');
  await allowed('PUT', '/v1/accounts/acc_0123456789abc', 'GET, HEAD, PATCH, DELETE, OPTIONS');
  await allowed('GET', '/v1/cases/cas_0123456789abc/resolve', 'POST, OPTIONS');
  await allowed('PATCH', '/v1/session', 'GET, HEAD, POST, DELETE, OPTIONS');
  await allowed('POST', '/v1/events', 'GET, HEAD, OPTIONS');
  await allowed('PUT', '/v1/users/me', 'GET, HEAD, PATCH, DELETE, OPTIONS');
});

test('every path tells what may be done with it, and HEAD works where GET does', { timeout: 120000 }, async () => {
  const { document } = server.contract;
  const order = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
  const isHead = (path) => !path.includes('{') && path !== '/metrics';
  const similar = { '/v1/users/me': '/v1/users/{id}', '/v1/events/stream': '/v1/events/{id}' };
  for (const [path, item] of Object.entries(document.paths)) {
    const target = path.replace('{id}', 'x_0123456789abc').replace('{system}', 's').replace('{external_id}', 'e');
    const names = new Set([...Object.keys(item), ...Object.keys(document.paths[similar[path]] ?? {}), 'options']);
    if (names.has('get')) names.add('head');
    const wanted = order.filter((name) => names.has(name)).join(', ').toUpperCase();
    const { headers, bytes } = await client.request('OPTIONS', target, { key: null, status: 204 });
    assert.equal(headers.allow, wanted, path);
    assert.equal(bytes.length, 0);
    if (item.get && isHead(path)) {
      const get = path === '/v1/events/stream' ? { status: 200 } : await client.request('GET', target);
      const head = await client.send('HEAD', target);
      assert.equal(head.status, get.status, path);
      assert.equal(head.bytes.length, 0);
    } else if (!names.has('get')) {
      const head = await client.send('HEAD', target);
      assert.equal(head.status, 405, path);
      assert.equal(head.headers.allow, wanted, path);
    }
  }
  assert.equal((await client.send('OPTIONS', '*')).headers.allow, order.join(', ').toUpperCase());
  await problem('OPTIONS', '/v1/nothing', { key: null }, 404, 'not_found');
});

test('an identifier that is none is told from one that is unknown', async () => {
  const none = await problem('GET', '/v1/accounts/acc_1', {}, 404, 'not_found');
  assert.equal(none.detail, 'acc_1 is no identifier of this type, such as acc_0123456789abc');
});

test('what is packed is not read as if it were not', async () => {
  await problem('POST', '/v1/accounts', { body: { name: 'x' }, headers: { 'content-encoding': 'gzip' } }, 415, 'media_type');
  await client.request('POST', '/v1/accounts', { body: { name: 'x' }, headers: { 'content-encoding': 'identity' }, status: 201 });
});

test('406 and 415', async () => {
  await problem('GET', '/v1/accounts', { headers: { accept: 'image/png' } }, 406, 'not_acceptable');
  for (const accept of ['*/*', 'application/json', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json']) {
    await client.get('/v1/accounts?limit=1', { headers: { accept } });
  }
  const { id } = await world.account();
  const post = await client.request('POST', '/v1/accounts', { body: 'name=x', headers: { 'content-type': 'text/plain' }, status: 415 });
  assert.match(post.headers['accept-post'], /application\/json/);
  const patch = await client.request('PATCH', `/v1/accounts/${id}`, { body: '{}', headers: { 'content-type': 'text/plain' }, status: 415 });
  assert.match(patch.headers['accept-patch'], /application\/merge-patch\+json/);
  await client.patch(`/v1/accounts/${id}`, { tier: 'x' }, { headers: { 'content-type': 'application/json; charset=utf-8' } });
});

const malformed = ['{', '{"name":}', '{"name":"a",}', '{"name":"a"}x', "{'name':'a'}", '{"name":"a","name":"b"}', '{"name":"\\ud800"}',
  '{"name":"a\\u0000b"}', '{"name":NaN}', '{"name":01}', '', ' ', '[', `${'['.repeat(100)}${']'.repeat(100)}`, '\ufeff{"name":"a"}',
  Buffer.from('7b226e616d65223a22ff227d', 'hex')];

for (const body of malformed) {
  test(`malformed: ${JSON.stringify(String(body).slice(0, 40))}`, async () => {
    const reply = await client.request('POST', '/v1/accounts', { body, status: [400, 422] });
    assert.ok(['syntax', 'required', 'type'].includes(reply.body.code), JSON.stringify(reply.body));
  });
}

test('a body beyond four megabytes is refused, one just below is read', async () => {
  await client.request('POST', '/v1/accounts', { body: JSON.stringify({ name: 'x', description: 'y'.repeat(4 << 20) }), status: 413 });
  const large = { name: 'x', description: 'y'.repeat((4 << 20) - 100) };
  await problem('POST', '/v1/accounts', { body: large }, 422, 'limit');
});

test('RateLimit headers, and 429 beyond the limit, for each key alone', async () => {
  const [one, two] = [server.createKey('viewer', '*'), server.createKey('viewer', '*')];
  await client.patch('/v1/settings', { requests_per_minute: 20 });
  const get = (key) => client.request('GET', '/v1/accounts?limit=1', { key, status: [200, 429] });
  const replies = [];
  for (let i = 0; i < 40 && replies.at(-1)?.status !== 429; i++) replies.push(await get(one));
  const last = replies.pop();
  assert.equal(last.status, 429);
  assert.ok(replies.length >= 20, `${replies.length} before the limit`);
  assert.equal(replies[0].headers['ratelimit-policy'], '"default";q=20;w=60');
  assert.match(replies[0].headers.ratelimit, /^"default";r=19;t=\d+$/);
  assert.equal(last.body.code, 'rate_limited');
  assert.match(last.headers.ratelimit, /r=0/);
  assert.ok(Number(last.headers['retry-after']) >= 1);
  assert.equal((await get(two)).status, 200);
  await client.patch('/v1/settings', { requests_per_minute: 0 });
  assert.equal((await get(one)).headers.ratelimit, undefined);
});

test('what was said is what the audit trail holds, and it is whole', () => {
  assert.match(server.cli(['verify']), /: 0 findings/);
});
