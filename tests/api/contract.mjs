// Holds a reply against the OpenAPI document: path, status, media type, headers, body.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const PROBLEM = 'application/problem+json';

function pointer(...names) {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function follow(document, value) {
  while (value && value.$ref) {
    value = value.$ref
      .slice(2)
      .split('/')
      .reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  }
  return value;
}

// "/v1/cases/{id}" as a pattern; fixed words win over parameters.
function patternOf(path) {
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return { path, parameters: (path.match(/\{/g) || []).length, pattern: new RegExp(`^${source}$`) };
}

export class Contract {
  constructor(document) {
    this.document = document;
    this.paths = Object.keys(document.paths)
      .map(patternOf)
      .sort((a, b) => a.parameters - b.parameters);
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'openapi.json');
    this.compiled = new Map();
    this.seen = new Map(); // "get_case 200": how often
  }

  // Every operation as { method, path, id, operation }, in the document's order.
  operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => /^(get|put|post|delete|patch|head|options)$/.test(method))
        .map(([method, operation]) => ({
          method: method.toUpperCase(),
          path,
          id: operation.operationId || `${method} ${path}`,
          operation,
          parameters: [...(item.parameters || []), ...(operation.parameters || [])].map((one) =>
            follow(this.document, one),
          ),
        })),
    );
  }

  follow(value) {
    return follow(this.document, value);
  }

  validator(at) {
    if (!this.compiled.has(at)) {
      this.compiled.set(at, this.ajv.compile({ $ref: `openapi.json#${encodeURI(at)}` }));
    }
    return this.compiled.get(at);
  }

  // What is wrong with this reply, as a list of sentences; empty when nothing is.
  check(method, target, reply) {
    const path = target.split('?')[0];
    const wrong = [];
    const found = this.paths.find(({ pattern }) => pattern.test(path));
    const item = found && this.document.paths[found.path];
    const name = method === 'HEAD' && item && !item.head ? 'get' : method.toLowerCase();
    const operation = item && item[name];
    if (reply.status >= 400) {
      this.checkProblem(reply, method, wrong);
    }
    if (!operation) {
      const want = item ? (method === 'OPTIONS' ? 204 : 405) : 404;
      if (![want, 400, 401, 403, 404, 413, 414, 431].includes(reply.status)) {
        wrong.push(`not described, answered with ${reply.status}`);
      }
      return wrong;
    }
    const id = operation.operationId || `${name} ${found.path}`;
    const key = `${id} ${reply.status}`;
    this.seen.set(key, (this.seen.get(key) || 0) + 1);
    const status = operation.responses[reply.status] ? String(reply.status) : 'default';
    const response = follow(this.document, operation.responses[status]);
    if (!response) {
      wrong.push(`${id} does not document status ${reply.status}`);
      return wrong;
    }
    this.checkHeaders(response, reply, wrong);
    if (method !== 'HEAD') {
      this.checkBody(operation.responses[status], found.path, name, status, response, reply, wrong);
    }
    return wrong;
  }

  checkProblem(reply, method, wrong) {
    if (method === 'HEAD') {
      return;
    }
    if (reply.type !== PROBLEM) {
      wrong.push(`status ${reply.status} came as ${reply.type}, not ${PROBLEM}`);
      return;
    }
    const { body } = reply;
    if (!body || typeof body.title !== 'string' || !/^[a-z0-9_]+$/.test(body.code ?? '')) {
      wrong.push('a problem has a title and a code');
    } else if (body.status !== reply.status) {
      wrong.push(`the problem says status ${body.status}, the reply ${reply.status}`);
    }
  }

  checkHeaders(response, reply, wrong) {
    for (const [name, described] of Object.entries(response.headers || {})) {
      const header = follow(this.document, described);
      const value = reply.headers[name.toLowerCase()];
      if (value === undefined) {
        if (header.required) {
          wrong.push(`header ${name} is missing`);
        }
        continue;
      }
      const schema = follow(this.document, header.schema) || {};
      const isNumber = schema.type === 'integer' || schema.type === 'number';
      if (isNumber && !Number.isFinite(Number(value))) {
        wrong.push(`header ${name} is "${value}", not a number`);
      }
    }
  }

  checkBody(described, path, name, status, response, reply, wrong) {
    const types = Object.keys(response.content || {});
    if (types.length === 0 || reply.status === 304 || reply.status === 204) {
      if (reply.bytes.length > 0) {
        wrong.push(`status ${reply.status} has a body, which is not documented`);
      }
      return;
    }
    const type = types.find((one) => one.split(';')[0].trim() === reply.type);
    if (!type) {
      wrong.push(`media type ${reply.type}, documented: ${types.join(', ')}`);
      return;
    }
    if (!/json$/.test(reply.type) || !response.content[type].schema) {
      return;
    }
    const base = described.$ref
      ? described.$ref.slice(1)
      : pointer('paths', path, name, 'responses', status);
    const validate = this.validator(`${base}${pointer('content', type, 'schema')}`);
    if (!validate(reply.body)) {
      for (const error of validate.errors.slice(0, 5)) {
        wrong.push(`body${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
      }
    }
  }
}
