// Makes build/web: the workspace (src, bundled by Vite), the pages of web/pages and the API
// reference's script and style. A {{name}} in a page is the address of that asset; it carries the hash of its
// bytes, so that browsers may keep it for ever. Texts get a compressed twin.
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { textOf } from './tools/licences.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'build', 'web');
const swagger = join(here, 'node_modules', 'swagger-ui-dist');
const assets = [
  join(swagger, 'swagger-ui-bundle.js'),
  join(swagger, 'swagger-ui.css'),
  join(here, 'assets', 'page.css'),
  join(here, 'assets', 'reference.css'),
  join(here, 'assets', 'reference.js'),
  join(here, 'assets', 'mark.svg'),
  join(here, 'assets', 'scheme.js'),
];

function filesOf(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

rmSync(out, { recursive: true, force: true });
await build({ root: here, configFile: join(here, 'vite.config.ts'), logLevel: 'warn' });
mkdirSync(join(out, 'assets'), { recursive: true });

const address = {};
for (const file of assets) {
  let bytes = readFileSync(file);
  if (/\.(js|css)$/.test(file)) {
    bytes = Buffer.from(bytes.toString().replace(/\n(\/\/|\/\*)# sourceMappingURL=.*$/m, ''));
  }
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const name = `${basename(file, extname(file))}-${hash}${extname(file)}`;
  writeFileSync(join(out, 'assets', name), bytes);
  address[basename(file)] = `/assets/${name}`;
}

// The type of a problem is an address: /reference/errors#<code>. Its page is made of the
// tables of docs/errors.md.
function errorRows() {
  const text = readFileSync(join(here, '..', 'docs', 'errors.md'), 'utf8');
  const plain = (cell) =>
    cell.trim().replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/`([^`]*)`/g, '<code>$1</code>')
      .replace(/\*\*([^*]*)\*\*/g, '$1').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return text.split('\n').flatMap((line) => {
    const cells = line.match(/^\| `(\w+)` \|(.*)\|$/);
    if (!cells) return [];
    const rest = cells[2].split('|').map((cell) => `<td>${plain(cell)}</td>`).join('');
    return [`<tr id="${cells[1]}"><th scope="row"><code>${cells[1]}</code></th>${rest}</tr>`];
  });
}

cpSync(join(here, 'pages'), out, { recursive: true });
for (const page of filesOf(out).filter((path) => path.endsWith('.html'))) {
  const text = readFileSync(page, 'utf8').replace(/\{\{(.*?)\}\}/g, (_, name) => {
    if (name === 'errors') return errorRows().join('\n');
    if (!address[name]) throw new Error(`${page}: no asset ${name}`);
    return address[name];
  });
  writeFileSync(page, text);
}

appendFileSync(
  join(out, 'licenses.txt'),
  ['', textOf(swagger), ...['NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'].map((name) => readFileSync(join(swagger, name)))]
    .join('\n\n\n'),
);

for (const file of filesOf(out).filter((path) => /\.(html|js|css|svg|txt)$/.test(path))) {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}
const size = filesOf(out).reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`build/web: ${filesOf(out).length} files, ${Math.round(size / 1024)} KiB`);
