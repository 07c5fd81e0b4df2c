// src/api/schema.d.ts from docs/openapi.json. Never committed, so that it cannot be out of
// date: what the document does not have does not compile.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const document = JSON.parse(readFileSync(join(here, '..', '..', 'docs', 'openapi.json'), 'utf8'));
writeFileSync(join(here, '..', 'src', 'api', 'schema.d.ts'), astToString(await openapiTS(document)));
