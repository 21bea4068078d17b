// Strict figures of the page in Chromium: `make bench-page`. Best on a machine that does nothing else.

import process from 'node:process';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';
import { craft100, craft1000 } from './craft.mjs';
import { longSearch } from './fluid.mjs';
import { DIST, started, visit } from './harness.mjs';

const SECONDS = 12;
const TIMES = 200;

const say = (text) => process.stdout.write(`${text}\n`);
const row = (name, figure, bar = '') => say(`  ${name.padEnd(34)} ${figure.padStart(12)}   ${bar}`);
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

const server = await serve({ folder: DIST });
const browser = await chromium.launch(launchOptions());
const stage = { url: server.url, browser };

for (const [name, wanted] of [['A*, blind', {}], ['greedy, blind', { search: 'Greedy' }], ['A*, FF', { heuristic: 'FF' }]]) {
  const found = await longSearch(stage, { seconds: SECONDS, wanted });
  say(`A search of ${SECONDS} s on the page (${name}, ${found.expanded.toLocaleString('en')} expanded)`);
  row('longest task', found.worst === 0 ? '≤ 50 ms' : ms(found.worst), 'bar: 50 ms');
  row('tasks over 50 ms', String(found.tasks.length), 'bar: none');
  row('pictures of the tree a second', found.fps.toFixed(1), 'bar: 55');
  row('slices, 99th percentile, at most', ms(found.p99), 'bar: 8 ms');
  row('longest slice', ms(found.longest));
  row('Cancel answers within', ms(found.latency), 'bar: 100 ms');
  row('share of the time in the search', `${(found.share * 100).toFixed(0)} %`, 'bar: 70 %');
}
const { onProcessor } = await longSearch(stage, { seconds: SECONDS, traced: true });
say('The same search, traced (A*, blind)');
row('longest task, of the processor', ms(onProcessor), 'bar: 50 ms');

for (const slower of [4, 6]) {
  for (const [name, more] of [['from the start', {}], ['at a million nodes', { nodes: 1_000_000 }], ['at a million nodes, panned and zoomed', { nodes: 1_000_000, moving: true }]]) {
    const found = await longSearch(stage, { seconds: SECONDS, slower, ...more });
    say(`A processor ${slower} times slower, ${name} (A*, blind)`);
    row('share of the time in the search', `${(found.share * 100).toFixed(0)} %`, 'bar: 50 %');
    row('pictures of the tree a second', found.fps.toFixed(1), 'bar: 15');
    row('longest task', found.worst === 0 ? '≤ 50 ms' : ms(found.worst));
    row('longest slice', ms(found.longest), slower === 6 ? 'bar: 50 ms' : '');
    row('Cancel answers within', ms(found.latency), 'bar: 100 ms');
  }
}

const { context, page } = await visit(stage);
await started(page);
/** Least and median search time over many runs, the pattern cache off; with the result of the last. */
const solve = (goap, options, times) => page.evaluate(async ([text, chosen, count]) => {
  const taken = [];
  let result;
  for (let time = 0; time < count; time += 1) {
    result = await globalThis.planscope.solve({ goap: text }, { ...chosen, use_cache: false });
    taken.push(result.phases.search_ms);
  }
  taken.sort((a, b) => a - b);
  return { best: taken[0], median: taken[count >> 1], result };
}, [goap, options, times]);

say('Compiled task to plan, in the browser (best, and median)');
for (const [name, goap, options, times, bar] of [
  ['craft100, first plan (greedy, FF)', craft100(), { search: 'gbfs', heuristic: 'ff' }, TIMES, 'bar: 1.5 ms'],
  ['craft100, optimal (A*, hmax)', craft100(), { search: 'astar', heuristic: 'hmax', timeout_ms: 60_000 }, 5, ''],
  ['craft1000, first plan (greedy, FF)', craft1000(), { search: 'gbfs', heuristic: 'ff' }, 20, ''],
]) {
  const { best, median, result } = await solve(goap, options, times);
  row(name, ms(best), `median ${ms(median)}; ${result.outcome}, cost ${result.cost}, ${result.statistics.expanded} expanded${bar && `; ${bar}`}`);
}
await context.close();
await browser.close();
await server.stop();
