// The harness itself: a reply that is not as described must not pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contract } from './contract.mjs';

const problem = {
  description: 'refused',
  content: { 'application/problem+json': { schema: { type: 'object' } } },
};
const contract = new Contract({
  openapi: '3.1.0',
  paths: {
    '/v1/cases/{id}': {
      get: {
        operationId: 'get_case',
        responses: {
          200: {
            description: 'it',
            headers: { ETag: { required: true, schema: { type: 'string' } } },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/case' } } },
          },
          204: { description: 'nothing' },
          404: { $ref: '#/components/responses/problem' },
        },
      },
    },
  },
  components: {
    responses: { problem },
    schemas: {
      case: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string' }, due_at: { type: ['string', 'null'], format: 'date-time' } },
        additionalProperties: false,
      },
    },
  },
});

function reply(status, body, more = {}) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  return { status, type, body, bytes, headers: { etag: '"1"' }, ...more };
}

const refusal = { title: 'not found', code: 'not_found', status: 404 };
const rows = [
  ['as described', '', reply(200, { id: 'a', due_at: '2026-01-01T00:00:00Z' })],
  ['without a body', '', reply(204)],
  ['a problem', '', reply(404, refusal)],
  ['a member too many', 'additional properties', reply(200, { id: 'a', b: 1 })],
  ['a member missing', "required property 'id'", reply(200, {})],
  ['a member of another type', 'must be string', reply(200, { id: 1 })],
  ['a malformed instant', 'format', reply(200, { id: 'a', due_at: 'soon' })],
  ['a status not documented', 'does not document status 409', reply(409, { ...refusal, status: 409 })],
  ['another media type', 'media type text/html', reply(200, { id: 'a' }, { type: 'text/html' })],
  ['a required header missing', 'header ETag is missing', reply(200, { id: 'a' }, { headers: {} })],
  ['a body where none is', 'has a body', reply(204, {})],
  ['an error that is no problem', 'not application/problem+json', reply(404, refusal, { type: 'text/html' })],
  ['a problem without code', 'a title and a code', reply(404, { title: 'x', status: 404 })],
  ['a problem of another status', 'says status 400', reply(404, { ...refusal, status: 400 })],
];

for (const [name, says, one] of rows) {
  test(name, () => {
    const wrong = contract.check('GET', '/v1/cases/cas_1?expand=account', one);
    if (says === '') {
      assert.deepEqual(wrong, []);
    } else {
      assert.ok(wrong.some((text) => text.includes(says)), JSON.stringify(wrong));
    }
  });
}

test('a path and a method that are not described', () => {
  assert.deepEqual(contract.check('GET', '/v1/nothing', reply(404, refusal)), []);
  assert.equal(contract.check('GET', '/v1/nothing', reply(200, {})).length, 1);
  assert.equal(contract.check('POST', '/v1/cases/cas_1', reply(201, {})).length, 1);
});
