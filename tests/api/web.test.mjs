// build/web: whole, of one origin, without inline script; the lock files name no host.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { root } from './harness.mjs';

const web = join(root, 'build', 'web');

function filesOf(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

const files = filesOf(web);
const pages = files.filter((path) => path.endsWith('.html'));

test('there is a first page and a reference', () => {
  const names = pages.map((path) => relative(web, path));
  assert.ok(names.includes('index.html') && names.includes(join('reference', 'index.html')), names.join());
});

for (const page of pages) {
  test(`${relative(web, page)} fits the content security policy`, () => {
    const text = readFileSync(page, 'utf8');
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)/, 'inline script');
    assert.doesNotMatch(text, /\son[a-z]+\s*=|\sstyle=|<style/, 'inline handler or style');
    assert.doesNotMatch(text, /\{\{/, 'an address was not filled in');
    for (const [, address] of text.matchAll(/\s(?:src|href)="([^"]*)"/g)) {
      assert.match(address, /^\/(?!\/)/, 'an address on this server');
      if (address.startsWith('/assets/')) assert.ok(existsSync(join(web, address)), address);
    }
  });
}

test('the first load is small', () => {
  const page = readFileSync(join(web, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]*\.js)"/g)].map((match) => match[1]);
  const desk = readdirSync(join(web, 'assets')).find((name) => /^Desk-.*\.js$/.test(name));
  const all = new Set([...scripts, `/assets/${desk}`]);
  for (const script of all) {
    const text = readFileSync(join(web, script), 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) all.add(`/assets/${name}`);
  }
  const bytes = [...all].reduce((sum, script) => sum + statSync(join(web, `${script}.gz`)).size, 0);
  console.log(`# ${all.size} scripts, ${bytes} bytes compressed`);
  assert.ok(scripts.length >= 2 && bytes <= 220_000, `${bytes} bytes in ${[...all].join(' ')}`);
});

test('compressed twins are the same', () => {
  for (const path of files.filter((one) => one.endsWith('.gz'))) {
    assert.ok(gunzipSync(readFileSync(path)).equals(readFileSync(path.slice(0, -3))), path);
  }
});

test('lock files pin every package and name no registry', () => {
  for (const folder of ['web', 'web/node', 'tests/api', 'tests/web']) {
    const lock = JSON.parse(readFileSync(join(root, folder, 'package-lock.json')));
    for (const [name, entry] of Object.entries(lock.packages)) {
      assert.equal(entry.resolved, undefined, `${folder}: ${name}`);
      assert.ok(name === '' || entry.integrity, `${folder}: ${name} has a checksum`);
    }
  }
});
