// A result that is not of the text as it stands says so, with what changed and the way back.

import { pageTests, setUp } from './harness.mjs';
import {
  LONG, ends, engine, equals, finds, openExample, panel, press, runExample, small, tab, until, word, write, written,
} from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

const note = (page) => page.locator('.outdated');

onPage('a result of another text is marked, and leads back to its text', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  const text = await written(page);
  await finds(note(page), 0);
  await write(page, text.replace('"name"', '"name" '));
  await note(page).getByText(/earlier state of the document\. Changed since: the text, from line \d+ on\./).waitFor();
  await page.locator('.readout.old .cap', { hasText: /^of an earlier text/ }).waitFor();
  await tab(page, 'Runs');
  await panel(page).getByText('0 runs of this text').waitFor();
  await panel(page).getByRole('heading', { name: 'Of earlier texts' }).waitFor();
  await note(page).getByRole('button', { name: 'Back to its text' }).click();
  await note(page).waitFor({ state: 'detached' });
  await equals(() => written(page), text);
  await panel(page).getByText('1 run of this text').waitFor();
});

onPage('a result of another engine is marked, and leads back to it', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  const search = page.locator('.bar-engine label.cell', { hasText: 'Search' }).locator('select');
  const before = await search.inputValue();
  await engine(page, { search: 'Breadth-first' });
  await note(page).getByText(/Changed since: the engine \(this is /).waitFor();
  await note(page).getByRole('button', { name: 'Back to its engine and goals' }).click();
  await note(page).waitFor({ state: 'detached' });
  await equals(() => search.inputValue(), before);
});

onPage('an edit during a run marks the run', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await press(page, 'Run');
  await ends(page, 'Searching');
  await write(page, small('edited'));
  await note(page).getByText(/^This search is of an earlier state/).waitFor();
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
  await note(page).getByText(/^This result is of an earlier state/).waitFor();
});

onPage('a mended error leaves the result', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('broken').replace('"lamp": true } }]', '"lmap": true } }]'));
  await page.locator('#problem .problems li').first().waitFor();
  await press(page, 'Run');
  await panel(page).getByText('This document has 1 error.').waitFor();
  await write(page, small('mended'));
  await panel(page).getByText('This document has 1 error.').waitFor({ state: 'detached' });
  await until(async () => (await word(page)) === 'Not run yet', { message: 'the readout still has the error' });
  await finds(page.getByText('the document has errors'), 0);
});
