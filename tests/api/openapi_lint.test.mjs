// The OpenAPI document is sound by a linter's rules and by a few of our own.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import redocly from '@redocly/openapi-core';
import { Contract } from './contract.mjs';
import { root, run } from './harness.mjs';

const printed = run(['describe', 'openapi']);
const document = JSON.parse(printed.stdout || '{"paths":{}}');
const contract = new Contract(document);

const rules = {
  struct: 'error',
  'no-unresolved-refs': 'error',
  'no-unused-components': 'error',
  'no-identical-paths': 'error',
  'no-ambiguous-paths': 'off', // /v1/cases/{id}/comments and /v1/cases/external/{system} are told apart
  'no-path-trailing-slash': 'error',
  'no-schema-type-mismatch': 'error',
  'no-enum-type-mismatch': 'error',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-schema-examples': 'error',
  'no-server-example.com': 'off',
  'operation-operationId': 'error',
  'operation-operationId-unique': 'error',
  'operation-operationId-url-safe': 'error',
  'operation-parameters-unique': 'error',
  'operation-summary': 'error',
  'operation-2xx-response': 'error',
  'operation-4xx-response': 'error',
  'operation-tag-defined': 'error',
  'path-declaration-must-exist': 'error',
  'path-not-include-query': 'error',
  'path-parameters-defined': 'error',
  'paths-kebab-case': 'off',
  'security-defined': { severity: 'error', exceptions: [] },
  'tags-alphabetical': 'off',
};

test('it is printed without a database', () => {
  assert.equal(printed.status, 0, printed.stderr);
  assert.match(document.openapi, /^3\.1\./);
  assert.ok(contract.operations().length > 0);
});

test('the linter has nothing to say', async () => {
  const config = await redocly.createConfig({ rules });
  const problems = await redocly.lintFromString({
    source: JSON.stringify(document, null, 1),
    absoluteRef: 'openapi.json',
    config,
  });
  const said = problems.map(
    (one) => `${one.severity} ${one.ruleId} ${one.location[0]?.pointer}: ${one.message}`,
  );
  assert.deepEqual(said, []);
});

test('every schema can be compiled', () => {
  for (const name of Object.keys(document.components?.schemas || {})) {
    contract.validator(`/components/schemas/${name}`);
  }
});

test('every operation has a tag, every error is a problem', () => {
  for (const { id, operation } of contract.operations()) {
    assert.ok(operation.tags?.length > 0, `${id} has a tag`);
    for (const [status, described] of Object.entries(operation.responses)) {
      const types = Object.keys(contract.follow(described).content || {});
      if (status >= '400' || status === 'default') {
        assert.deepEqual(types, ['application/problem+json'], `${id} ${status}`);
      }
    }
  }
});

test('every object says whether it may have other members', () => {
  for (const [name, schema] of Object.entries(document.components?.schemas || {})) {
    if (schema.type === 'object' && schema.properties) {
      assert.ok(
        'additionalProperties' in schema || 'unevaluatedProperties' in schema,
        `components/schemas/${name}`,
      );
    }
  }
});

// A change of the API is to be seen in review: entitled describe openapi >docs/openapi.json
const snapshot = join(root, 'docs', 'openapi.json');
test('docs/openapi.json is what is printed', { skip: !existsSync(snapshot) && 'no snapshot' }, () => {
  const old = readFileSync(snapshot, 'utf8').split('\n');
  const line = printed.stdout.split('\n').findIndex((text, i) => text !== old[i]);
  assert.equal(old[line], printed.stdout.split('\n')[line], `line ${line + 1}`);
  assert.equal(old.join('\n'), printed.stdout, 'it ends otherwise');
});
