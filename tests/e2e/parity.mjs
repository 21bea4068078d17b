// The same work natively and in the page, in one sitting: `make parity`. Prints the table with its limits, and how many
// pictures a second the page has while its throughput is measured. Best on a machine that does nothing else.
//
// PLANSCOPE is the native program. ROUNDS of each workload (20); with ONLY="name,name" just these. The reports are
// written to test-results/, for the page's Bench view and for `planscope bench --from`.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';
import { DIST, started } from './harness.mjs';

const PLANSCOPE = process.env.PLANSCOPE ?? join('target', 'release', 'planscope');
const ROUNDS = Number(process.env.ROUNDS ?? 20);
const ONLY = (process.env.ONLY ?? '').split(',').filter(Boolean);
const FRAMES_LEAST = 50;
const THROUGHPUT = /^(?:cached|planned)-/;

const folder = join(import.meta.dirname, '..', '..', 'test-results');
mkdirSync(folder, { recursive: true });
const say = (text) => process.stdout.write(`${text}\n`);

/** Runs the native program; what it says on standard error goes to ours. */
function native(...args) {
  const { status, stdout, error } = spawnSync(PLANSCOPE, ['bench', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${PLANSCOPE} bench ended with ${status}`);
  return stdout;
}

/** Measures in the page; pictures are counted for each workload while its rounds that count go on. */
async function inThePage() {
  const server = await serve({ folder: DIST });
  const browser = await chromium.launch(launchOptions());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.url);
  await started(page);
  const found = await page.evaluate(async ([rounds, only]) => {
    const pictures = {};
    let now = null;
    const paint = () => {
      if (now) (pictures[now] ??= []).push(performance.now());
      requestAnimationFrame(paint);
    };
    requestAnimationFrame(paint);
    const report = await globalThis.planscope.bench({
      rounds,
      ...(only.length > 0 ? { only } : {}),
      on_progress: ({ workload, round }) => { now = round > 0 ? workload : null; },
    });
    return { report, pictures };
  }, [ROUNDS, ONLY]);
  await browser.close();
  await server.stop();
  return found;
}

/** Pictures a second, of the times at which they were drawn. */
function rate(times) {
  const span = times.at(-1) - times[0];
  return span > 100 ? ((times.length - 1) * 1000) / span : null;
}

const files = { native: join(folder, 'parity.json'), browser: join(folder, 'parity-browser.json') };
process.stderr.write('natively …\n');
writeFileSync(files.native, native('--json', '--rounds', String(ROUNDS), ...(ONLY.length > 0 ? ['--only', ONLY.join(',')] : [])));
process.stderr.write('in the page …\n');
const { report, pictures } = await inThePage();
writeFileSync(files.browser, `${JSON.stringify(report)}\n`);

say(native('--from', files.native, '--beside', files.browser));
const rates = Object.entries(pictures).filter(([name]) => THROUGHPUT.test(name)).map(([name, times]) => [name, rate(times)]);
for (const [name, pace] of rates) {
  const verdict = pace === null ? '(too short to tell)' : pace >= FRAMES_LEAST ? 'yes' : 'NO';
  say(`Pictures a second of the page, ${name.padEnd(12)} ${pace === null ? '–' : pace.toFixed(1).padStart(5)}  ≥ ${FRAMES_LEAST}  ${verdict}`);
}
say(`\nThe reports are in ${files.native} and ${files.browser}.`);
