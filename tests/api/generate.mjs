// Values for a JSON schema: good ones, and ones that are wrong in one place.

// A small generator of random numbers (mulberry32), the same for the same seed.
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const BY_FORMAT = {
  date: '2026-03-01',
  'date-time': '2026-03-01T10:00:00Z',
  time: '10:00:00Z',
  duration: 'P1Y',
  email: 'person@example.com',
  uri: 'https://example.com/',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  decimal: '12.50',
};

const OF_WRONG_KIND = [null, true, 0, -1, 1.5, 1e21, '', 'x', [], {}, [null], { a: { b: [] } }];

const TEXTS = [
  '\u0000', 'a\u0000b', '\u202eevil', 'e\u0301', '👩‍👩‍👧', '\ufeff', '\u0001', '<script>alert(1)</script>',
  "'; DROP TABLE cases; --", '%s%n%d', '../../etc/passwd', '${7*7}', '\r\nX: y', ' ', '\t', 'a'.repeat(100000),
  '2026-02-30', '2026-13-01T00:00:00Z', '0000-00-00', '9999-12-31', '99999-01-01', '2026-01-01T24:00:00Z',
  '2026-06-30T23:59:60Z', 'P', 'P-1D', 'P99999999999Y', 'PT0.5S', '1e5', '+1', '01', '.5', 'NaN', 'Infinity',
  '9'.repeat(50), 'EUR', 'Europe/Nowhere', '../UTC',
];

const NUMBERS = ['-1', '0', '1', '2147483648', '9007199254740993', '9223372036854775807', '9223372036854775808',
  '-9223372036854775808', '1e400', '-0', '0.1', '1E2', `1${'0'.repeat(90)}`, `1${'0'.repeat(2000)}`];

function nest(depth, open, close, inner) {
  return open.repeat(depth) + inner + close.repeat(depth);
}

export class Generator {
  constructor(contract, seed) {
    this.contract = contract;
    this.random = randomOf(seed);
    this.ids = [];
    this.count = 0;
  }

  learn(id) {
    this.ids.push(id);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  // One schema of several: the first that is not null.
  plain(schema) {
    let one = this.contract.follow(schema) || {};
    for (const of of [one.oneOf, one.anyOf]) {
      if (of) {
        one = { ...one, ...this.plain(of.find((each) => this.contract.follow(each).type !== 'null')) };
      }
    }
    for (const part of one.allOf || []) {
      const more = this.plain(part);
      one = {
        ...one,
        ...more,
        properties: { ...one.properties, ...more.properties },
        required: [...(one.required || []), ...(more.required || [])],
      };
    }
    const type = Array.isArray(one.type) ? one.type.find((each) => each !== 'null') : one.type;
    return { ...one, type };
  }

  text(schema) {
    const known = schema.pattern && this.ids.filter((id) => new RegExp(schema.pattern).test(id));
    if (known?.length > 0) return this.pick(known);
    if (schema.examples?.length > 0) return schema.examples[0];
    if (schema.example !== undefined) return schema.example;
    if (schema.format === 'email') return `person${++this.count}@example.com`;
    if (BY_FORMAT[schema.format]) return BY_FORMAT[schema.format];
    const prefix = schema.pattern?.match(/^\^([a-z]+_)/)?.[1];
    if (prefix) return `${prefix}01h2xcejqtf20`.slice(0, prefix.length + 13);
    if (/0-9/.test(schema.pattern || '')) return '1';
    if (schema.maxLength === 2) return 'DE';
    if (schema.maxLength === 3) return 'EUR';
    const text = `text ${++this.count}`;
    return text.slice(0, schema.maxLength ?? 100).padEnd(schema.minLength ?? 0, 'x');
  }

  // A good value; with `least` only what is required.
  value(schema, least = false, depth = 0) {
    const one = this.plain(schema);
    if (one.const !== undefined) return one.const;
    if (one.examples && one.type !== 'string') return one.examples[0];
    if (one.enum) return this.pick(one.enum.filter((each) => each !== null));
    switch (one.type) {
      case 'boolean':
        return this.random() < 0.5;
      case 'integer':
      case 'number':
        return Math.max(one.minimum ?? 0, Math.min(one.maximum ?? 3, 1));
      case 'array':
        return depth > 3 || (least && !one.minItems) ? [] : [this.value(one.items || {}, least, depth + 1)];
      case 'object': {
        const object = {};
        for (const [name, property] of Object.entries(one.properties || {})) {
          const isRequired = one.required?.includes(name);
          const readOnly = this.contract.follow(property).readOnly;
          if (isRequired || (!least && depth < 3 && !readOnly)) {
            object[name] = this.value(property, least, depth + 1);
          }
        }
        return object;
      }
      default:
        return this.text(one);
    }
  }

  // Texts that are no good JSON, or too much of it.
  *broken(schema) {
    const good = JSON.stringify(this.value(schema, true));
    yield* ['', ' ', '{', '}', 'null', '[]', '0', '"x"', 'nul', `${good}x`, `${good}${good}`, '{"a":1,}', '{a:1}',
      "{'a':1}", '\ufeff{}', '{"a":1,"a":2}', '{"a":"\\ud800"}', '{"a":"\\udc00\\ud800"}', '{"a":"\\u0000"}',
      '{"a":01}', '{"a":1.}', '{"a":+1}', '{"a":NaN}', '{"a":"\u0001"}', '{"\\u0000":1}'];
    yield Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    yield Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d]);
    yield Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d]);
    yield nest(33, '[', ']', '');
    yield nest(20000, '[', ']', '');
    yield nest(20000, '{"a":', '}', '1');
    yield `{"a":${'1'.repeat(500000)}}`;
    yield `{${Array.from({ length: 20000 }, (_, i) => `"f${i}":${i}`).join(',')}}`;
    yield 'x'.repeat((4 << 20) + 1);
  }

  // Bodies that are good but for one member, one after the other.
  *variants(schema) {
    const one = this.plain(schema);
    const names = Object.keys(one.properties || {});
    yield this.value(schema);
    yield { ...this.value(schema, true), no_such_field: 1 };
    for (const name of names) {
      yield* this.variantsOf(one, name);
    }
  }

  *variantsOf(schema, name) {
    const property = this.plain(schema.properties[name]);
    const good = this.value(schema, true);
    const without = { ...good };
    delete without[name];
    yield without;
    for (const wrong of OF_WRONG_KIND) {
      yield { ...good, [name]: wrong };
    }
    const literal = (text) => `${JSON.stringify(without).slice(0, -1)}${Object.keys(without).length > 0 ? ',' : ''}${JSON.stringify(name)}:${text}}`;
    if (property.type === 'integer' || property.type === 'number') {
      for (const text of NUMBERS) yield literal(text);
      if (property.maximum !== undefined) yield literal(String(property.maximum + 1));
      if (property.minimum !== undefined) yield literal(String(property.minimum - 1));
    } else if (property.type === 'array') {
      const item = this.value(property.items || {}, true);
      yield { ...good, [name]: [item, item] };
      yield { ...good, [name]: Array(1500).fill(item) };
      for (const wrong of OF_WRONG_KIND) yield { ...good, [name]: [wrong] };
    } else if (property.type === 'object') {
      yield { ...good, [name]: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 'v'])) };
      for (const inner of Object.keys(property.properties || {})) {
        for (const wrong of OF_WRONG_KIND) {
          yield { ...good, [name]: { ...this.value(property, true), [inner]: wrong } };
        }
      }
      yield literal(nest(20, '{"a":', '}', '1'));
    } else {
      for (const text of TEXTS) yield { ...good, [name]: text };
      yield literal('"\\ud800"');
      if (property.maxLength !== undefined) {
        for (const extra of [0, 1]) {
          yield { ...good, [name]: 'x'.repeat(property.maxLength + extra) };
          yield { ...good, [name]: '😀'.repeat(property.maxLength + extra) };
        }
      }
    }
  }
}
