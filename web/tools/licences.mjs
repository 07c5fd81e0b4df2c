// A Vite plugin: licenses.json names every package that is in the bundle, with its licence.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

function folderOf(id) {
  const match = id.replace(/\\/g, '/').match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/);
  return match ? match[0].replace(/^\0/, '') : null;
}

export function textOf(folder) {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${about.license}`;
  return `${about.name} ${about.version} (${about.license})\n\n${text}`;
}

export function licences() {
  const folders = new Set();
  return {
    name: 'licences',
    apply: 'build',
    moduleParsed({ id }) {
      const folder = folderOf(id);
      if (folder && existsSync(join(folder, 'package.json'))) folders.add(folder);
    },
    generateBundle() {
      const texts = [...folders].sort().map(textOf);
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join('\n\n\n') });
    },
  };
}
