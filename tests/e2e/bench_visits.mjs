// How long a run takes for a visitor: on a first visit, on a second one, and warm. Part of `make bench-page`.
//
// TASKS="FOLDER …" measures PDDL tasks (`domain.pddl` with problems beside it); without it, examples of the
// gallery. With PLANSCOPE=binary the same tasks run natively beside, and ratios are printed. Every task has
// a profile of its own; the run begins 1.5 s after the page has come.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as rest } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';
import { DIST, started } from './harness.mjs';

const PAUSE = 1_500;
const LIMIT = 60_000;
const OPTIONS = { search: 'lama-first', timeout_ms: LIMIT, memory_mib: 2_048, use_cache: false };
const EXAMPLES = join(import.meta.dirname, '..', '..', 'www', 'examples', 'pddl');
const GALLERY = ['gripper', 'logistics', 'elevators', 'drivers', 'depots', 'rovers', 'blocksworld', 'sokoban'];
const PHASES = ['parse_ms', 'ground_ms', 'search_ms', 'validate_ms'];

const say = (text) => process.stdout.write(`${text}\n`);

/** The tasks asked for, each { name, domain, problem } of paths. */
function tasks() {
  const folders = (process.env.TASKS ?? '').split(/\s+/).filter(Boolean);
  if (folders.length === 0) {
    return GALLERY.map((name) => ({ name, domain: join(EXAMPLES, `${name}.domain.pddl`), problem: join(EXAMPLES, `${name}.problem.pddl`) }));
  }
  return folders.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [{ name: basename(path), domain: join(dirname(path), 'domain.pddl'), problem: path }];
    const found = readdirSync(path, { recursive: true }).map(String).sort();
    return found.filter((file) => file.endsWith('.pddl') && basename(file) !== 'domain.pddl').map((file) => ({
      name: file.replace('.pddl', ''), domain: join(path, dirname(file), 'domain.pddl'), problem: join(path, file),
    }));
  });
}

const solve = (page, texts) => page.evaluate(async ([given, options]) => {
  const begun = performance.now();
  const { outcome, phases } = await globalThis.planscope.solve(given, options);
  return { outcome, phases, wall: performance.now() - begun };
}, [texts, OPTIONS]);

async function visit(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await started(page);
  await rest(PAUSE);
  return page;
}

/** The three runs of a task; null where it is not solved within the limit. */
async function measure(url, { domain, problem }) {
  const texts = { domain: readFileSync(domain, 'utf8'), problem: readFileSync(problem, 'utf8') };
  const profile = mkdtempSync(join(tmpdir(), 'planscope-visits-'));
  try {
    const runs = {};
    for (const which of ['first visit', 'second visit']) {
      const context = await chromium.launchPersistentContext(profile, launchOptions());
      const page = await visit(context, url);
      runs[which] = await solve(page, texts);
      if (runs[which].outcome !== 'solved') {
        await context.close();
        return null;
      }
      // Long enough for the browser to keep what it compiled, as between two visits of a person.
      if (which === 'first visit') await rest(2_000);
      else {
        await solve(page, texts);
        runs.warm = await solve(page, texts);
      }
      await context.close();
    }
    return runs;
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Milliseconds of the processor that the whole native process takes; null where there is no binary. */
function native({ domain, problem }) {
  const binary = process.env.PLANSCOPE;
  if (!binary) return null;
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT=%U; time "$0" plan "$1" "$2" --search lama-first --timeout 60 > /dev/null', binary, domain, problem], { encoding: 'utf8' });
  return Number(stderr.trim().split('\n').at(-1)) * 1_000;
}

const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const server = await serve({ folder: DIST });
const ratios = {};
say('task,visit,total_ms,parse_ms,ground_ms,search_ms,validate_ms,native_ms');
for (const task of tasks()) {
  const runs = await measure(server.url, task);
  if (!runs) {
    say(`${task.name},not solved within ${LIMIT / 1000} s`);
    continue;
  }
  const beside = native(task);
  for (const [which, { phases, wall }] of Object.entries(runs)) {
    say([task.name, which, wall.toFixed(1), ...PHASES.map((phase) => phases[phase].toFixed(2)), beside?.toFixed(1) ?? ''].join(','));
    for (const phase of ['total', ...PHASES]) {
      const value = phase === 'total' ? wall : phases[phase];
      (ratios[phase] ??= {})[which] = [...(ratios[phase]?.[which] ?? []), Math.max(value, 0.01)];
    }
  }
}
say('\nGeometric means over the tasks, milliseconds');
for (const [phase, visits] of Object.entries(ratios)) {
  say(`  ${phase.padEnd(12)} ${Object.entries(visits).map(([which, values]) => `${which} ${mean(values).toFixed(2)}`).join(' · ')}`);
}
await server.stop();
