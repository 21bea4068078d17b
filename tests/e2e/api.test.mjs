// window.planscope: the shape of its results, what it refuses, cancelling, and progress.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { example, small } from './planscope.mjs';

const stage = setUp();
let context;
let page;

beforeEach(async () => {
  if (page) return;
  ({ context, page } = await visit(stage));
  await started(page);
});
after(() => context?.close());

/** Calls `solve` in the page; what it rejects with comes back as { rejected }. */
const solve = (problem, options) => page.evaluate(
  ([given, chosen]) => globalThis.planscope.solve(given, chosen ?? undefined)
    .catch((error) => ({ rejected: { name: error.name, message: error.message, isError: error instanceof Error } })),
  [problem, options],
);

test('a result has the shape of the command line', async () => {
  const result = await solve({ goap: example('axe-wood-fire') }, { use_cache: false });
  assert.deepEqual(Object.keys(result).sort(), [
    'cost', 'diagnostics', 'explanation', 'goal', 'goals', 'heuristics', 'improvements', 'length', 'message', 'optimal', 'outcome', 'peak_memory_bytes', 'phases', 'plan', 'provenance', 'statistics',
  ]);
  assert.equal(result.outcome, 'solved');
  assert.equal(result.goal, 'a fire at camp');
  assert.equal(result.cost, 9);
  assert.equal(result.length, 7);
  assert.deepEqual(result.plan[0], { action: 'go', args: ['shed'], cost: 1 });
  assert.equal(result.plan.reduce((sum, step) => sum + step.cost, 0), 9);
  assert.deepEqual(result.provenance, { source: 'search' });
  assert.deepEqual(Object.keys(result.statistics).sort(), ['dead_ends', 'evaluated', 'expanded', 'generated', 'registered', 'reopened']);
  assert.deepEqual(Object.keys(result.phases).sort(), ['ground_ms', 'parse_ms', 'search_ms', 'total_ms', 'validate_ms']);
  for (const number of [...Object.values(result.statistics), ...Object.values(result.phases), result.peak_memory_bytes]) {
    assert.equal(typeof number, 'number');
  }
});

test('every engine finds a plan, and claims what it may', async () => {
  for (const search of ['bfs', 'ucs', 'astar', 'wastar', 'gbfs', 'lazy', 'ehc']) {
    for (const heuristic of ['blind', 'goal-count', 'hmax', 'add', 'ff', 'lmcut', 'landmarks', 'novelty', 'ff,landmarks']) {
      const result = await solve({ goap: example('axe-wood-fire') }, { search, heuristic, use_cache: false });
      assert.equal(result.outcome, 'solved', `${search} ${heuristic}`);
      const isProven = search === 'ucs' || (search === 'astar' && ['blind', 'hmax', 'lmcut'].includes(heuristic));
      assert.equal(result.optimal, isProven, `${search} ${heuristic}`);
      if (isProven) assert.equal(result.cost, 9);
    }
  }
  for (const search of ['astar-lmcut', 'lazy-ff', 'lama-first', 'lama', 'softmin-lama', 'bfws', 'auto']) {
    const result = await solve({ goap: example('axe-wood-fire') }, { search, use_cache: false });
    assert.equal(result.outcome, 'solved', search);
    assert.equal(result.optimal, ['astar-lmcut', 'lama', 'auto'].includes(search), search);
    assert.equal(Boolean(result.improvements), ['lama', 'auto'].includes(search), search);
  }
});

test('a kept plan answers only where reuse is asked for, and stands beside other answers', async () => {
  const goap = small('kept').replace('"effects": { "lamp": true } }', '"effects": { "lamp": true }, "cost": 5 }, { "name": "find", "effects": { "found": true } }, { "name": "press", "preconditions": { "found": true }, "effects": { "lamp": true } }')
    .replace('"lamp": false', '"lamp": false, "found": false');
  const first = await solve({ goap }, { search: 'bfs' });
  assert.deepEqual([first.cost, first.kept], [5, undefined]);
  const proven = await solve({ goap }, { search: 'astar', heuristic: 'hmax' });
  assert.deepEqual([proven.cost, proven.optimal, proven.provenance], [2, true, { source: 'search' }]);
  const again = await solve({ goap }, { search: 'bfs' });
  assert.deepEqual([again.cost, again.provenance.source, again.statistics], [5, 'search', first.statistics]);
  assert.deepEqual(again.kept, { cost: 2, length: 2, optimal: true, engine: 'A* · hmax' });
  const reused = await solve({ goap }, { search: 'bfs', reuse: true });
  assert.deepEqual([reused.cost, reused.optimal, reused.statistics.expanded], [2, true, 0]);
  assert.equal(reused.provenance.source, 'pattern');
  assert.equal(reused.provenance.engine, 'A* · hmax');
  assert.equal((await solve({ goap }, { search: 'bfs', use_cache: false })).kept, undefined);
});

test('an unsolvable problem, a limit and a broken document are results', async () => {
  const locked = await solve({ goap: example('no-key') });
  assert.equal(locked.outcome, 'unsolvable');
  assert.ok(locked.explanation.chain.some((link) => link.is_root && link.range.start.line > 1));
  assert.deepEqual(locked.goals.map(({ verdict, outcome }) => [verdict, outcome])[0], ['failed', 'unsolvable']);
  const long = { goap: example('workshop') };
  const blind = { search: 'astar', heuristic: 'blind', use_cache: false };
  const late = await solve(long, { ...blind, timeout_ms: 200, memory_mib: 1024 });
  assert.equal(late.outcome, 'time_limit');
  assert.ok(late.statistics.expanded > 0);
  const full = await solve(long, { ...blind, memory_mib: 4, timeout_ms: null });
  assert.equal(full.outcome, 'memory_limit');
  assert.ok(full.statistics.expanded > 0);
  const broken = await solve({ goap: small('broken').replace('"lamp": true }', '"lmap": true }') });
  assert.equal(broken.outcome, null);
  assert.equal(broken.plan, null);
  const [{ severity, code, message, range, help }] = broken.diagnostics;
  assert.equal(severity, 'error');
  assert.match(code, /^GP\d+$/);
  assert.match(message, /lmap/);
  assert.match(help, /lamp/);
  assert.equal(range.start.line, range.end.line);
  assert.ok(range.start.column >= 1 && range.end.column > range.start.column);
});

test('wrong arguments are refused with a TypeError that says what is meant', async () => {
  const goap = small();
  for (const [problem, options, message] of [
    [undefined, {}, /\{ goap: text \}/],
    ['text', {}, /\{ goap: text \}/],
    [{ goap: 5 }, {}, /\{ goap: text \}/],
    [{ pddl: '' }, {}, /unknown kind of problem "pddl"/],
    [{ goap }, { timeout: 5 }, /unknown option "timeout"; did you mean "timeout_ms"\?/],
    [{ goap }, { search: 'a-star' }, /did you mean "astar"\?/],
    [{ goap }, { weight: 0.5 }, /"weight" must be a number from 1 to 100/],
    [{ goap }, { memory_mib: '64' }, /"memory_mib" must be a whole number/],
    [{ goap }, { timeout_ms: Number.NaN }, /"timeout_ms"/],
    [{ goap }, { use_cache: 1 }, /"use_cache" must be true or false/],
    [{ goap }, { goal: ['light'] }, /"goal"/],
    [{ goap }, { signal: 'stop' }, /"signal" must be an AbortSignal/],
    [{ goap }, { on_progress: 3 }, /"on_progress" must be a function/],
    [{ goap }, 7, /options must be an object/],
  ]) {
    const { rejected } = await solve(problem, options);
    assert.equal(rejected?.name, 'TypeError', `${JSON.stringify([problem, options])} was taken`);
    assert.equal(rejected.isError, true);
    assert.match(rejected.message, message);
  }
});

test('a signal cancels, before the run and during it', async () => {
  const outcomes = await page.evaluate(async (goap) => {
    const options = { search: 'astar', heuristic: 'blind', use_cache: false, timeout_ms: null, memory_mib: 1024 };
    const early = await globalThis.planscope.solve({ goap }, { ...options, signal: AbortSignal.abort() });
    const controller = new AbortController();
    const running = globalThis.planscope.solve({ goap }, { ...options, signal: controller.signal });
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    const pressed = performance.now();
    controller.abort();
    const late = await running;
    controller.abort();
    return { early, late, took: performance.now() - pressed };
  }, example('workshop'));
  assert.equal(outcomes.early.outcome, 'cancelled');
  assert.equal(outcomes.late.outcome, 'cancelled');
  assert.ok(outcomes.late.statistics.expanded > 0);
  assert.ok(outcomes.took < 2_000, `${outcomes.took} ms`);
});

test('progress is told about ten times a second, and a callback that throws stops only the telling', async () => {
  const goap = example('workshop');
  const { heard: told, seconds } = await page.evaluate(async (text) => {
    const heard = [];
    const begun = performance.now();
    await globalThis.planscope.solve({ goap: text }, {
      search: 'astar', heuristic: 'blind', use_cache: false, timeout_ms: 1000, memory_mib: 1024, on_progress: (progress) => heard.push(progress),
    });
    return { heard, seconds: (performance.now() - begun) / 1000 };
  }, goap);
  assert.ok(told.length >= 1 && told.length <= 10 * seconds + 1, `${told.length} times in ${seconds} s`);
  for (const { phase, timeout_ms, statistics, memory_limit_bytes } of told) {
    assert.equal(phase, 'search');
    assert.equal(timeout_ms, 1000);
    assert.equal(memory_limit_bytes, 1024 * 2 ** 20);
    assert.ok(statistics.expanded > 0);
  }
  const counts = told.map(({ statistics }) => statistics.expanded);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b));

  const errors = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  const result = await page.evaluate(async (text) => {
    let calls = 0;
    const ended = await globalThis.planscope.solve({ goap: text }, {
      search: 'astar', heuristic: 'blind', use_cache: false, timeout_ms: 500, memory_mib: 1024, on_progress: () => { calls += 1; throw new Error('mine'); },
    });
    return { calls, outcome: ended.outcome };
  }, goap);
  assert.deepEqual(result, { calls: 1, outcome: 'time_limit' });
  assert.equal(errors.filter((text) => /on_progress threw/.test(text)).length, 1);
});

test('runs at once share the thread, and each is answered', async () => {
  const outcomes = await page.evaluate(async (goap) => {
    const runs = Array.from({ length: 12 }, () => globalThis.planscope.solve({ goap }, { use_cache: false }));
    return (await Promise.all(runs)).map(({ outcome, cost }) => `${outcome} ${cost}`);
  }, example('village-economy'));
  assert.deepEqual(outcomes, Array.from({ length: 12 }, () => 'solved 22.25'));
});

test('too many runs are refused with a BusyError', async () => {
  const names = await page.evaluate(async (goap) => {
    const controller = new AbortController();
    const options = { search: 'astar', heuristic: 'blind', use_cache: false, signal: controller.signal };
    const runs = Array.from({ length: 200 }, () => globalThis.planscope.solve({ goap }, options).then(() => 'answered', (error) => error.name));
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    controller.abort();
    return Promise.all(runs);
  }, example('workshop'));
  assert.ok(names.includes('BusyError'));
  assert.ok(names.filter((name) => name === 'answered').length >= 64);
  assert.deepEqual(names.filter((name) => name !== 'answered' && name !== 'BusyError'), []);
});

test('check reports what is wrong and plans nothing', async () => {
  const checked = await page.evaluate(async ([good, bad]) => [
    await globalThis.planscope.check({ goap: good }),
    await globalThis.planscope.check({ goap: bad }),
    await globalThis.planscope.check({ text: good }).catch((error) => error.name),
  ], [small(), '{ "format": "planscope-goap/1", "sate": {} }']);
  assert.deepEqual(checked[0], { diagnostics: [] });
  assert.ok(checked[1].diagnostics.some(({ severity, message, help }) => severity === 'error' && /sate/.test(message) && /state/.test(`${message} ${help}`)));
  assert.equal(checked[2], 'TypeError');
});
