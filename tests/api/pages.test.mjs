// The pages as the server gives them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startServer } from './harness.mjs';

const server = await startServer();
after(() => server.stop());
const get = (path, headers = {}) => server.client.send('GET', path, { headers, key: null });

for (const path of ['/', '/reference/']) {
  test(`${path} is a page with a strict policy`, async () => {
    const { status, type, headers } = await get(path);
    assert.equal(status, 200);
    assert.equal(type, 'text/html');
    assert.match(headers['content-security-policy'], /default-src 'self'/);
    assert.doesNotMatch(headers['content-security-policy'], /script-src|unsafe-eval/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['content-security-policy'].includes('unsafe-inline'), path === '/reference/');
  });
}

test('assets come compressed, stay for ever, and are not sent twice', async () => {
  const page = String((await get('/reference/')).bytes);
  const script = page.match(/src="(\/assets\/swagger[^"]*)"/)[1];
  const plain = await get(script);
  const zipped = await get(script, { 'accept-encoding': 'gzip' });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.ok(gunzipSync(zipped.bytes).equals(plain.bytes));
  assert.match(plain.headers['cache-control'], /immutable/);
  assert.notEqual(plain.headers.etag, zipped.headers.etag);
  const again = await get(script, { 'if-none-match': plain.headers.etag });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.length, 0);
});

test('a folder without its slash is redirected', async () => {
  const { status, headers } = await get('/reference');
  assert.equal(status, 308);
  assert.equal(headers.location, '/reference/');
});

test('what a browser navigates to is the workspace; the API and programs are told the truth', async () => {
  const home = String((await get('/')).bytes);
  const view = await get('/cases/cas_0000000000000', { accept: 'text/html,application/xhtml+xml' });
  assert.equal(view.status, 200);
  assert.equal(String(view.bytes), home);
  assert.equal((await get('/cases/cas_0000000000000')).status, 404);
  assert.notEqual((await get('/v1/nothing', { accept: 'text/html' })).status, 200);
});

test('the document that the reference shows is the one that is printed', async () => {
  const { status, body } = await get('/openapi.json');
  assert.equal(status, 200);
  assert.deepEqual(body, server.contract.document);
});
