// The states of the page that are photographed and searched for faults of accessibility. Each journey
// begins with a first visit; its states follow one another on the same page, at any width.

import {
  LONG, documents, editor, ends, engine, expanded, openExample, panel, pddl, press, runExample, small, tab, until, view, write,
} from './planscope.mjs';


/** Lets the last frame and the last figures come. */
export async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
}

export const JOURNEYS = [
  {
    'first-visit': async (page) => page.locator('.first').waitFor(),
    help: async (page) => {
      await page.locator('.bar-app button').first().click();
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
    },
    keys: async (page) => {
      await page.getByRole('dialog', { name: 'Help' }).getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByText('Pause or resume').waitFor();
    },
  },
  {
    'not-run': async (page) => openExample(page, 'Village economy'),
    documents: async (page) => {
      await openExample(page, 'Axe, wood, fire');
      await openExample(page, 'Hungry villager');
      await documents(page);
    },
  },
  {
    solved: async (page) => runExample(page, 'Village economy'),
    plan: async (page) => {
      await tab(page, 'Plan');
      await panel(page).locator('tr.press button').nth(3).click();
    },
    node: async (page) => tab(page, 'Node'),
    timings: async (page) => tab(page, 'Timings'),
    runs: async (page) => {
      await engine(page, { search: 'Greedy' });
      await press(page, 'Run');
      await ends(page, 'Solved');
      await tab(page, 'Runs');
    },
  },
  {
    'batch-before': async (page) => {
      await openExample(page, 'Axe, wood, fire');
      await view(page, 'Batch');
      await page.locator('.batch-table tbody tr').first().waitFor();
    },
    batch: async (page) => {
      await press(page, 'Run');
      await ends(page, 'Done');
      await page.locator('.batch-table tbody tr').nth(2).click();
    },
  },
  {
    running: async (page) => {
      await openExample(page, 'Workshop at full stretch');
      await engine(page, { ...LONG, heuristic: 'FF' });
      await press(page, 'Run');
      await until(async () => (await expanded(page)) > 500);
    },
    system: async (page) => {
      await view(page, 'System');
      await page.locator('.sys tr.sel').waitFor();
    },
    paused: async (page) => {
      await view(page, 'Search');
      await press(page, 'Pause');
      await ends(page, 'Paused');
    },
    cancelled: async (page) => {
      await press(page, 'Cancel');
      await ends(page, 'Cancelled');
      await tab(page, 'Plan');
    },
    'time-limit': async (page) => {
      await engine(page, { time: '300 ms' });
      await press(page, 'Run');
      await ends(page, 'Time limit');
      await tab(page, 'Plan');
    },
    'memory-limit': async (page) => {
      await engine(page, { heuristic: 'Blind', time: '10 s', memory: '4 MiB' });
      await press(page, 'Run');
      await ends(page, 'Memory limit');
      await tab(page, 'Plan');
    },
    'wrong-limit': async (page) => engine(page, { time: 'soon' }),
  },
  {
    unsolvable: async (page) => {
      await runExample(page, 'No key to this door', 'Unsolvable');
      await tab(page, 'Plan');
    },
  },
  {
    broken: async (page) => {
      await openExample(page, 'Axe, wood, fire');
      await write(page, small('broken').replace('"lamp": true } }]', '"lmap": true } }]').replace('"conditions"', '"condition"'));
      await until(async () => (await page.locator('#problem .problems li').count()) > 1);
    },
    'broken-run': async (page) => {
      await press(page, 'Run');
      await ends(page, 'Not run');
      await tab(page, 'Plan');
    },
  },
  {
    'pddl-gallery': async (page) => {
      await page.locator('.filter button', { hasText: 'PDDL' }).click();
    },
    pddl: async (page) => {
      await openExample(page, 'Ferry');
      await editor(page, 'Problem');
    },
    'pddl-solved': async (page) => {
      await press(page, 'Run');
      await ends(page, 'Solved');
      await tab(page, 'Plan');
      await panel(page).locator('tr.press button').nth(3).click();
    },
    'pddl-node': async (page) => tab(page, 'Node'),
    'pddl-timings': async (page) => tab(page, 'Timings'),
    'pddl-broken': async (page) => {
      const { problem } = pddl('ferry');
      await write(page, problem.replace('(:goal (and', '(:goal (and (no-such-thing)'), 'Problem');
      await until(async () => (await page.locator('#problem .problems li').count()) > 0);
    },
    'pddl-broken-run': async (page) => {
      await press(page, 'Run');
      await ends(page, 'Not run');
      await tab(page, 'Plan');
    },
    'pddl-one-file': async (page) => {
      const { problem } = pddl('ferry');
      const list = await documents(page);
      await list.locator('input[type=file]').setInputFiles([{ name: 'islands.pddl', mimeType: 'text/plain', buffer: Buffer.from(problem) }]);
      await page.getByText('is now the problem of this document').waitFor();
    },
  },
  {
    'pddl-grounding': async (page) => {
      const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Logistics' }) });
      await entry.locator('input').fill('65');
      await entry.locator('.more button').click();
      await page.locator('.app[data-mode=work]').waitFor();
      await engine(page, { time: '120 s', memory: '2 GiB' });
      await press(page, 'Run');
      await ends(page, 'Grounding');
      await press(page, 'Pause');
      await ends(page, 'Paused');
      await tab(page, 'Plan');
      await panel(page).getByText('Operators', { exact: true }).waitFor();
    },
    'pddl-memory': async (page) => {
      await press(page, 'Cancel');
      await ends(page, 'Cancelled');
      await engine(page, { memory: '4 MiB' });
      await press(page, 'Run');
      await ends(page, 'Memory limit');
      await tab(page, 'Plan');
    },
  },
];

/** The names of all states. */
export const NAMES = JOURNEYS.flatMap((journey) => Object.keys(journey));

