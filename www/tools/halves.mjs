// Which module of the crate stands in which half of the page's wasm: the engine's, which is fetched after the
// first paint, or the page's. Every module is named here, by itself or by its folder, so that one that is added or
// renamed fails the build until it is named, and does not make the first load larger in silence.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SRC = join(import.meta.dirname, '..', '..', 'src');

/** Modules whose functions only run once the engine is there, by their files or folders. */
export const ENGINE = [
  'examples', 'ground', 'heuristic', 'task', 'validate',
  'search/action_elimination', 'search/alternation', 'search/best', 'search/best_first', 'search/core', 'search/eager',
  'search/evaluators', 'search/finished', 'search/improve', 'search/lane', 'search/lazy', 'search/marks', 'search/open',
  'search/passes', 'search/planner', 'search/queues', 'search/retrace', 'search/softmin', 'search/space', 'search/turns',
  'lang/pddl', 'lang/goap/canonical', 'lang/goap/check', 'lang/goap/findings', 'lang/goap/grounded',
  'lang/goap/instance', 'lang/goap/parse', 'lang/goap/range', 'lang/goap/reach', 'lang/goap/resolve', 'lang/goap/syntax',
  'plan/explain', 'plan/explain_pddl', 'plan/pattern', 'plan/signature',
  'service/answer', 'service/attempts', 'service/compiling', 'service/explaining', 'service/features', 'service/figures',
  'service/goal_search', 'service/guidance', 'service/inspect', 'service/kept', 'service/keys', 'service/observed', 'service/patterns', 'service/read', 'service/repair', 'service/replay', 'service/session', 'service/side_by_side',
  'service/subject', 'service/way', 'service/work',
  'store/archive', 'cache/patterns', 'cache/recency', 'platform/browser/bench', 'platform/browser/figures', 'platform/browser/kept',
  'platform/browser/lab', 'platform/browser/patterns', 'platform/browser/timing', 'parity', 'score', 'view/batch', 'view/bench', 'view/system',
];

/** Those of them whose values end only there: a page without its engine never has one. */
export const DROPPED = [
  'ground', 'heuristic', 'task', 'validate', 'lang/goap/parse', 'lang/goap/reach',
  ...ENGINE.filter((name) => name.startsWith('search/')), 'service/answer', 'service/attempts', 'service/compiling',
  'service/explaining', 'service/goal_search', 'service/replay', 'service/work',
];

/**
 * Views of the page that are entered only once the engine is there, by their files or folders in src/ui/, and what of
 * the crate only they use. The functions that enter them are named in split.mjs.
 */
export const VIEWS = [
  'ui/bar/number_cell', 'ui/modes/batch', 'ui/modes/bench', 'ui/modes/system', 'ui/run_scope', 'ui/scope',
  ...[
    'actions', 'goals', 'grounding', 'guidance', 'improvements', 'limits', 'node', 'offer', 'phases', 'plan', 'refused', 'runs',
    'searching', 'slices', 'solved', 'state_table', 'steps', 'timings', 'why',
  ].map((name) => `ui/result/${name}`),
  'parity', 'score', 'view/batch', 'view/bench', 'view/system',
];

/** Modules that the page needs before the engine is there, or that never run in it. */
const PAGE = [
  'lib', 'main', 'hash', 'step', 'diagnostic', 'ui', 'cli', 'serve', 'runtime', 'store', 'view',
  'cache/mod', 'cache/near', 'cache/tasks',
  'lang/bytes', 'lang/code', 'lang/define', 'lang/invisible', 'lang/letters', 'lang/mod', 'lang/nearest',
  'lang/plan',
  'lang/goap/codes', 'lang/goap/mod', 'lang/goap/model', 'lang/goap/odometer', 'lang/goap/text',
  'plan/mod', 'plan/report', 'trace/figures', 'trace/mod', 'trace/posthoc', 'trace/recorder',
  'search/config', 'search/driven', 'search/edges', 'search/heuristics', 'search/kinds', 'search/mod', 'search/observer',
  'search/optimality', 'search/outcome', 'search/policy', 'search/statistics', 'search/tests',
  'service/answered', 'service/events', 'service/fault', 'service/gate', 'service/goals', 'service/grounding',
  'service/job', 'service/job_state', 'service/ledger', 'service/meters', 'service/mod', 'service/phases',
  'service/node', 'service/offer', 'service/options', 'service/places', 'service/progress',
  'service/queue', 'service/race', 'service/race_report', 'service/refused', 'service/repaired', 'service/report', 'service/request', 'service/respond',
  'service/response', 'service/running', 'service/settings', 'service/submission', 'service/upkeep',
  'service/validation', 'service/verdict', 'service/why',
  'platform/mod', 'platform/native', 'platform/host',
  'platform/browser/api', 'platform/browser/arrival', 'platform/browser/calls', 'platform/browser/database',
  'platform/browser/documents', 'platform/browser/engine', 'platform/browser/fault', 'platform/browser/globals', 'platform/browser/idb',
  'platform/browser/mod', 'platform/browser/news', 'platform/browser/options', 'platform/browser/sentinel',
  'platform/browser/session', 'platform/browser/start', 'platform/browser/time', 'platform/browser/typescript',
  'platform/browser/visibility', 'platform/browser/warm', 'platform/browser/yielder',
];

/** Fails where a module is named that is not there, or one is there that is not named. */
export function checkModules(src = SRC) {
  const isThere = (name) => existsSync(join(src, name)) || existsSync(join(src, `${name}.rs`));
  const named = new Set([...ENGINE, ...VIEWS, ...PAGE]);
  const gone = [...named].filter((name) => !isThere(name));
  const isNamed = (name) => name.split('/').some((_, index, parts) => named.has(parts.slice(0, index + 1).join('/')));
  const missing = readdirSync(src, { recursive: true })
    .filter((path) => path.endsWith('.rs'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.rs$/, ''))
    .filter((name) => !isNamed(name));
  if (gone.length + missing.length === 0) return;
  throw new Error([
    'www/tools/halves.mjs says which half of the wasm a module stands in, and does not fit src/:',
    ...gone.map((name) => `  it names ${name}, which is not there`),
    ...missing.map((name) => `  it does not name ${name}: does it run only once the engine is there?`),
  ].join('\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) checkModules();
