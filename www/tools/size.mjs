// The page's weight, brotli: all that the first load fetches, against the budget; beside it what is
// fetched after the first paint. Exit code 1 over the budget.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// What the first load may weigh, and what it should.
const BUDGET = 500_000;
const TARGET = 350_000;

const dist = join(import.meta.dirname, '..', '..', 'dist');
const brotli = (bytes) => brotliCompressSync(bytes, { params: {
  [constants.BROTLI_PARAM_QUALITY]: 11,
  [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
} }).length;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);

/** When a file is fetched: by the first load unless it is known to come later. */
export function phase(path) {
  const name = path.replace(/^\//, '');
  if (/^(?:editor|engine)-/.test(name)) return 'after the first paint';
  if (name === 'sw.js') return 'after the first paint';
  if (/\.(?:png|json|pddl)$/.test(name)) return 'on demand';
  return 'first load';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) report();

function report() {
  const rows = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      const name = path.slice(dist.length + 1);
      return { name, phase: phase(name), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
    })
    .sort((a, b) => b.brotli - a.brotli);

  const sum = (of) => rows.filter((row) => row.phase === of).reduce((total, row) => total + row.brotli, 0);
  const line = (name, ...cells) => process.stdout.write(`${name.padEnd(34)}${cells.join('')}\n`);

  line('file', ...['raw', 'gzip', 'brotli'].map((title) => title.padStart(11)), '  fetched');
  for (const row of rows) line(row.name, kB(row.raw), kB(row.gzip), kB(row.brotli), `  ${row.phase}`);
  for (const of of ['first load', 'after the first paint', 'on demand']) line(of, ''.padEnd(22), kB(sum(of)));

  const total = sum('first load');
  line('budget', ''.padEnd(22), kB(BUDGET), `  ${total <= BUDGET ? 'kept' : 'EXCEEDED'} (target ${kB(TARGET).trim()})`);
  if (total > BUDGET) process.exitCode = 1;
}
