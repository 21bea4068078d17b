// The page stays fluid during a long search. The bounds are loose, for machines whose cores others keep
// busy, and the best of three counts; `make bench-page` prints the strict figures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './harness.mjs';
import { longGrounding, longSearch, longText } from './fluid.mjs';

const stage = setUp();

/**
 * Pictures of the tree a second at least; milliseconds at most for a task, and from the press of Cancel to its frame;
 * where the processor is slow, the search's share of the time at least, pictures a second, and readings of the
 * figures in the time that is measured.
 */
const LOOSE = { fps: 8, task: 400, cancel: 500, share: 0.3, slowFps: 3, readings: 3 };

test('a search of ten seconds leaves the page fluid, and Cancel answers', { timeout: 120_000 }, async (context) => {
  const best = { fps: 0, worst: Infinity, latency: Infinity };
  const isGood = () => best.fps >= LOOSE.fps && best.worst <= LOOSE.task && best.latency <= LOOSE.cancel;
  for (let attempt = 1; attempt <= 3 && !isGood(); attempt += 1) {
    const { fps, worst, latency, expanded } = await longSearch(stage, { seconds: 10 });
    context.diagnostic(`${fps.toFixed(1)} pictures a second, longest task ${worst} ms, Cancel ${latency.toFixed(0)} ms`);
    assert.ok(expanded > 10_000, `${expanded} expanded`);
    best.fps = Math.max(best.fps, fps);
    best.worst = Math.min(best.worst, worst);
    best.latency = Math.min(best.latency, latency);
  }
  assert.ok(best.fps >= LOOSE.fps, `${best.fps.toFixed(1)} pictures a second`);
  assert.ok(best.worst <= LOOSE.task, `a task of ${best.worst} ms`);
  assert.ok(best.latency <= LOOSE.cancel, `Cancel answered after ${best.latency.toFixed(0)} ms`);
});

// The search should have half of the time, and fifteen pictures be drawn: the strict bench says how far that is.
test('on a slow processor the search goes on, and the picture moves', { timeout: 240_000 }, async (context) => {
  const best = { share: 0, fps: 0, readings: 0 };
  const isGood = () => best.share >= LOOSE.share && best.fps >= LOOSE.slowFps && best.readings >= LOOSE.readings;
  for (let attempt = 1; attempt <= 3 && !isGood(); attempt += 1) {
    const { share, fps, readings } = await longSearch(stage, { seconds: 8, slower: 6 });
    context.diagnostic(`${(share * 100).toFixed(0)} % of the time in the search, ${fps.toFixed(1)} pictures a second, figures ${readings} times`);
    best.share = Math.max(best.share, share);
    best.fps = Math.max(best.fps, fps);
    best.readings = Math.max(best.readings, readings);
  }
  assert.ok(best.share >= LOOSE.share, `the search has ${best.share.toFixed(2)} of the time`);
  assert.ok(best.fps >= LOOSE.slowFps, `${best.fps.toFixed(1)} pictures a second`);
  assert.ok(best.readings >= LOOSE.readings, `figures were read ${best.readings} times`);
});

test('grounding leaves the page fluid, and Cancel answers', { timeout: 180_000 }, async (context) => {
  const best = { worst: Infinity, latency: Infinity };
  for (let attempt = 1; attempt <= 3 && !(best.worst <= LOOSE.task && best.latency <= LOOSE.cancel); attempt += 1) {
    const { fps, worst, latency, was } = await longGrounding(stage, { seconds: 2 });
    context.diagnostic(`${fps.toFixed(1)} frames a second, longest task ${worst} ms, Cancel ${latency.toFixed(0)} ms while ${was}`);
    best.worst = Math.min(best.worst, worst);
    best.latency = Math.min(best.latency, latency);
  }
  assert.ok(best.worst <= LOOSE.task, `a task of ${best.worst} ms`);
  assert.ok(best.latency <= LOOSE.cancel, `Cancel answered after ${best.latency.toFixed(0)} ms`);
});

test('typing in a problem of 100,000 lines is not held up', { timeout: 180_000 }, async (context) => {
  let best = Infinity;
  for (let attempt = 1; attempt <= 3 && best > LOOSE.task; attempt += 1) {
    const { fps, tasks, worst } = await longText(stage, { lines: 100_000 });
    context.diagnostic(`${fps.toFixed(1)} frames a second, tasks over 50 ms: ${tasks.join(', ') || 'none'}`);
    best = Math.min(best, worst);
  }
  assert.ok(best <= LOOSE.task, `a task of ${best} ms`);
});
