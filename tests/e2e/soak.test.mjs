// Twenty thousand requests through the queue of a tab, with cancellations, deadlines and broken documents among them:
// each is answered exactly once and with the right type, and memory stays flat.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { holdMemory } from './memory.mjs';

const stage = setUp();
const REQUESTS = 20_000;

/** Runs in the page. */
async function soak(requests) {
  const { solve } = globalThis.planscope;
  const pages = () => globalThis.wasmMemory.buffer.byteLength / 65_536;
  let state = 12;
  // Mulberry32, a generator with a seed.
  const below = (end) => {
    state = (state + 0x6D2B79F5) | 0;
    let drawn = Math.imul(state ^ (state >>> 15), 1 | state);
    drawn = (drawn + Math.imul(drawn ^ (drawn >>> 7), 61 | drawn)) ^ drawn;
    return Math.floor(((drawn ^ (drawn >>> 14)) >>> 0) / 4_294_967_296 * end);
  };
  const counting = (number, steps) => JSON.stringify({
    format: 'planscope-goap/1', name: `count ${number}`, state: { n: 0, m: number },
    actions: [{ name: 'count', effects: { n: { '+': 1 } } }],
    goals: [{ name: 'counted', conditions: { n: { '>=': steps } } }],
  });
  const draw = () => {
    const part = below(100);
    const number = below(150);
    const goap = counting(number, 1 + number % 9);
    const options = { search: 'gbfs', heuristic: 'goal-count', priority: below(5) - 2, use_cache: below(3) > 0 };
    if (part < 10) return { kind: 'cancelled', goap, options };
    if (part < 20) return { kind: 'late', goap, options: { ...options, deadline_ms: 1 } };
    if (part < 25) return { kind: 'malformed', goap: goap.slice(0, below(goap.length)), options };
    return { kind: 'plain', goap, options };
  };
  const right = {
    plain: (answer) => answer === 'solved',
    cancelled: (answer) => answer === 'cancelled' || answer === 'solved',
    late: (answer) => answer === 'time_limit' || answer === 'solved',
    malformed: (answer) => answer === 'errors',
  };
  // Until the engine's code is there, a call that is aborted has no result.
  await globalThis.planscope.check({ goap: counting(1, 1) });
  const counts = {};
  const wrong = [];
  let answered = 0;
  const ask = async ({ kind, goap, options }) => {
    const controller = new AbortController();
    const asked = solve({ goap }, { ...options, signal: controller.signal });
    if (kind === 'cancelled') {
      for (let wait = below(6); wait > 0; wait -= 1) await Promise.resolve();
      controller.abort();
    }
    const result = await asked;
    const answer = result.outcome ?? (result.diagnostics.some((finding) => finding.severity === 'error') ? 'errors' : 'nothing');
    answered += 1;
    counts[`${kind}: ${answer}`] = (counts[`${kind}: ${answer}`] ?? 0) + 1;
    if (!right[kind](answer)) wrong.push(`${kind}: ${JSON.stringify(result).slice(0, 300)}`);
  };
  const memory = [];
  const under = new Set();
  for (let number = 0; number < requests; number += 1) {
    const one = ask(draw()).finally(() => under.delete(one));
    under.add(one);
    while (under.size >= 64) await Promise.race(under);
    if (number % (requests / 8) === requests / 8 - 1) memory.push(pages());
  }
  await Promise.all(under);
  // More at once than the queue has room for: those that find none are told so at once, and the others are answered.
  const crowd = await Promise.allSettled(Array.from({ length: 200 }, () => solve({ goap: counting(1, 3) }, { use_cache: false })));
  const busy = crowd.filter(({ reason }) => reason?.name === 'BusyError').length;
  const solved = crowd.filter(({ value }) => value?.outcome === 'solved').length;
  return { answered, counts, wrong: wrong.slice(0, 5), memory, busy, solved };
}

test('each of twenty thousand requests is answered once and rightly, in flat memory', { timeout: 300_000 }, async (t) => {
  const { context, page, assertClean } = await visit(stage, { path: '404', allow: [/404/] });
  await context.addInitScript(holdMemory);
  await page.goto(stage.url);
  await started(page);
  const begin = Date.now();
  const { answered, counts, wrong, memory, busy, solved } = await page.evaluate(soak, REQUESTS);
  t.diagnostic(`${Math.round(REQUESTS * 1e3 / (Date.now() - begin))} a second; ${JSON.stringify(counts)}; pages ${memory}`);
  assert.deepEqual(wrong, []);
  assert.equal(answered, REQUESTS);
  for (const kind of ['plain: solved', 'cancelled: cancelled', 'late: time_limit', 'malformed: errors']) {
    assert.ok(counts[kind] > REQUESTS / 1_000, `${kind} of ${JSON.stringify(counts)}`);
  }
  assert.ok(Math.max(...memory.slice(4)) - Math.max(...memory.slice(0, 4)) < 16, `pages of memory: ${memory}`);
  assert.ok(busy > 0 && busy + solved === 200, `${busy} busy, ${solved} solved`);
  await assertClean();
  await context.close();
});
