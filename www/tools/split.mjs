// Splits the module that wasm-bindgen made in two: `page`, which starts, and `engine`, which is fetched
// after the first paint.
//
// Both share memory, table and stack. The engine holds what its seeds reach and the page does not reach
// otherwise; what both need is in both, so that the engine calls back into the page for nothing but
// functions of JavaScript. The page reaches the engine through slots of the shared table, which the
// engine fills when it is instantiated: a call before that traps. Data stays in the page.
//
// Works on the text form: each item of a module is an expression indented by one space. Names of
// functions must still be there.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { DROPPED, ENGINE, VIEWS, checkModules } from './halves.mjs';

/** What proposals the modules use. */
export const FEATURES = [
  'bulk-memory', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext',
].map((feature) => `--enable-${feature}`);

/** Modules as they stand in names of functions. */
const paths = (modules) => modules.map((name) => name.replaceAll('/', '::')).join('|');

/**
 * Functions that only run once the engine is there, by their names in the module. Each of them must be found: a
 * name that is found no more was changed, and what it named would be in the page's half.
 */
const SEEDS = [
  // One for each folder: a small module may be inlined as a whole.
  ...new Set(ENGINE.map((name) => name.split('/', 1)[0])),
].map((folder) => new RegExp(`^<?planscope::(?:${paths(ENGINE.filter((name) => name.split('/', 1)[0] === folder))})::`)).concat([
  // What is drawn and told of a search.
  /^<planscope::view::drawing::Drawing>::advance/,
  /^<planscope::view::walk::Walk>::advance/,
  /^page::result::actions::json/,
  // The node that is opened, and the recording that is lent: there is none of either before.
  /^page::result::node::__component_opened/,
  /^<page::trace_handle::TraceHandle>::with/,
  // Where values of the engine end.
  new RegExp(`^core::ptr::drop_in_place::<(?:alloc::(?:rc::Rc|boxed::Box)<|core::cell::RefCell<)*planscope::(?:${paths(DROPPED)})::`),
  // The JavaScript API once its gate has opened, and what warms the engine up.
  ...['planned', 'checked'].map((name) => new RegExp(`^planscope::platform::browser::api::${name}`)),
  ...['opened', 'stated', 'observed', 'planned', 'checked'].map((name) => new RegExp(`^planscope::platform::browser::session::${name}`)),
  ...['teach', 'service'].map((name) => new RegExp(`^planscope::platform::browser::warm::${name}`)),
]);

/**
 * Names of functions of views. One that has a view anywhere in its name, be it of a library for a type of the view's,
 * stands in the engine's half.
 */
const VIEWS_PATHS = paths(VIEWS.map((name) => (name.startsWith('ui/') ? `page${name.slice(2)}` : `planscope/${name}`)));
const OF_VIEWS = new RegExp(`\\b(?:${VIEWS_PATHS})::`);
/** Those that stand in a view's own files. */
const VIEWS_OWN = new RegExp(`^<?(?:${VIEWS_PATHS})::`);

/** Functions of the page that enter a view, once the engine is there. */
const DOORS = /^(?:page::modes::content::|<page::workbench::Workbench>::press|page::result::panel|page::scope_pane::)/;

/** Functions of fewer lines stay in the page: the compiler may have merged them with equal ones of the page. */
const LINES_LEAST = 60;

/** What the page makes, writes and compares of the engine's types, before there is an engine. */
const KEPT = / as (?:core::(?:clone|cmp|default|fmt)|serde_core)::|^<planscope::cache::patterns::HashPatternCache>::new/;

/** The table of JavaScript's objects, as wasm-bindgen names it. */
const OBJECTS = '$__wbindgen_externrefs';

const NAME = String.raw`\$(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)`;
const FUNCTION = new RegExp(String.raw`^ \(func (${NAME})`);
const REFERENCE = new RegExp(String.raw`\((?:call|return_call|ref\.func) (${NAME})`, 'g');
const PARTS = new RegExp(String.raw`\((param|result)((?: ${NAME})?(?: [a-z0-9]+)+)\)`, 'g');

/**
 * Splits the module at `path`, which becomes the page's half; the engine's is written to `engine`.
 * Returns what was moved.
 */
export function split(path, engine) {
  checkModules();
  run('wasm-dis', path, '-o', `${path}.wat`);
  const halves = divide(readFileSync(`${path}.wat`, 'utf8'));
  for (const [text, target] of [[halves.page, path], [halves.engine, engine]]) {
    writeFileSync(`${path}.wat`, text);
    run('wasm-as', '-g', `${path}.wat`, '-o', target);
  }
  rmSync(`${path}.wat`);
  return halves.report;
}

function run(tool, ...args) {
  const path = join(import.meta.dirname, '..', '..', 'node_modules', 'binaryen', 'bin', tool);
  const { status } = spawnSync(process.execPath, [path, ...args, ...FEATURES], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${tool} failed`);
}

/** The texts of both halves. */
export function divide(text) {
  const module = read(text);
  const unmatched = SEEDS.filter((seed) => ![...module.functions.keys()].some((name) => seed.test(plain(name))));
  if (unmatched.length > 0) {
    throw new Error(['www/tools/split.mjs names functions of the engine that are not in the module:', ...unmatched.map(String)].join('\n  '));
  }
  const isSeed = (name) => module.seeds.has(name);
  const inTable = new Set(module.elements.flatMap(({ names }) => names));

  let page;
  let called;
  for (;;) {
    page = new Set();
    const roots = [...module.exported, ...[...inTable].filter((name) => !isSeed(name))];
    reach(module, roots, page, (name) => !isSeed(name));
    called = new Set([...page].flatMap((name) => [...module.calls.get(name) ?? []]).filter(isSeed));
    // One that the page enters by another way than a door was merged with an equal one of the page's own.
    const isDoor = (caller) => DOORS.test(caller) || OF_VIEWS.test(caller);
    const ofViews = [...called].filter((name) => OF_VIEWS.test(plain(name)));
    const merged = entriesOf(module, page, ofViews).filter(({ from }) => !from.every(isDoor));
    if (merged.length === 0) break;
    merged.forEach(({ own }) => module.seeds.delete(own));
  }
  const engine = new Set();
  reach(module, [...called, ...[...inTable].filter(isSeed)], engine, () => true);
  if (called.size === 0) throw new Error('no function of the engine is called: do the names still stand in the module?');

  const shared = new Map(pick(module.imports, engine).map((item) => [imported(item)[0], signature(item)]));
  const slots = new Map([...called].map((name, index) => [name, module.table.size + index]));
  const report = {
    page: page.size,
    engine: engine.size,
    both: [...engine].filter((name) => page.has(name) && module.functions.has(name)).length,
    entries: entriesOf(module, page, called),
  };
  return {
    page: pageText(module, page, slots, shared),
    engine: engineText(module, engine, page, slots, shared),
    report,
  };
}

/** Which functions of the page call which of the engine. */
function entriesOf(module, page, called) {
  return [...called].map((name) => ({
    own: name,
    name: plain(name),
    from: [...page].filter((caller) => module.calls.get(caller)?.has(name)).map(plain),
  }));
}

/** The items of a module, sorted by what they are. */
function read(text) {
  const [head, ...items] = text.replace(/\)\s*$/, '').split(/\n(?= \()/);
  const module = {
    head, types: [], imports: new Map(), functions: new Map(), rest: [], elements: [], exported: [], calls: new Map(),
  };
  for (const item of items) {
    const [, kind] = /^ \(([a-z]+)/.exec(item);
    const name = FUNCTION.exec(item)?.[1];
    if (kind === 'type' || kind === 'rec') module.types.push(item);
    else if (kind === 'import') module.imports.set(...imported(item));
    else if (kind === 'func') module.functions.set(name, item);
    else if (kind === 'elem') module.elements.push(element(item));
    else {
      module.rest.push(item);
      const exported = new RegExp(String.raw`^ \((?:export "[^"]*" \(func|start) (${NAME})\)`).exec(item);
      if (exported) module.exported.push(exported[1]);
    }
  }
  for (const [name, body] of module.functions) {
    module.calls.set(name, new Set([...body.matchAll(REFERENCE)].map(([, callee]) => callee)));
  }
  module.seeds = new Set([...module.functions].filter(([name, body]) => isEngine(plain(name), body)).map(([name]) => name));
  addGeneric(module);
  module.table = table(module);
  module.stack = global(module, '$__stack_pointer');
  return module;
}

const isEngine = (name, body) => body.split('\n').length >= LINES_LEAST
  && (VIEWS_OWN.test(name) || SEEDS.some((seed) => seed.test(name)) && !KEPT.test(name));

/**
 * Adds the functions of libraries that were made for a type of a view. The compiler merges equal functions under one of
 * their names, so the name alone does not say who calls one; that it calls what is the view's own does.
 */
function addGeneric({ functions, calls, seeds }) {
  let open = [...functions.keys()].filter((name) => !seeds.has(name) && OF_VIEWS.test(plain(name)));
  const isOwn = (name) => seeds.has(name) && OF_VIEWS.test(plain(name));
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open.filter((name) => [...calls.get(name)].some(isOwn)).forEach((name) => seeds.add(name));
    open = open.filter((name) => !seeds.has(name));
  }
}

function imported(item) {
  const found = new RegExp(String.raw`^ \(import "[^"]*" "[^"]*" \(func (${NAME})`).exec(item);
  if (!found) throw new Error(`an import that is no function: ${item}`);
  return [found[1], item];
}

function element(item) {
  const found = new RegExp(String.raw`^ \(elem (?:${NAME} )?(?:\(table (${NAME})\) )?\(i32\.const (\d+)\) (?:func)?((?: ${NAME})+)\)\s*$`).exec(item);
  if (!found) throw new Error(`an element segment of another form: ${item.slice(0, 100)}`);
  return { table: found[1], offset: Number(found[2]), names: found[3].match(new RegExp(NAME, 'g')) };
}

function table({ rest, elements }) {
  const names = new Set(elements.map((one) => one.table));
  for (const item of rest) {
    const found = new RegExp(String.raw`^ \(table (${NAME}) (\d+) (\d+) funcref\)`).exec(item);
    if (found && (names.has(found[1]) || names.has(undefined))) return { item, name: found[1], size: Number(found[2]) };
  }
  throw new Error('no table of functions');
}

function global({ rest }, name) {
  const item = rest.find((one) => one.startsWith(` (global ${name} (mut i32)`));
  if (!item) throw new Error(`no global ${name}`);
  return { name, item };
}

/** A function's name without sigil, quotes and the hashes of crates: `<page::sheet::Sheet>::show_tab`. */
function plain(name) {
  return name.replace(/^\$"?|"$/g, '').replace(/(?<=\w)\[[0-9a-f]+\](?=::)/g, '');
}

/** Adds to `found` what `roots` reach through functions that `may` be entered. */
function reach(module, roots, found, may) {
  const open = [...roots].filter(may);
  while (open.length > 0) {
    const name = open.pop();
    if (found.has(name)) continue;
    found.add(name);
    open.push(...[...module.calls.get(name) ?? []].filter(may));
  }
}

/** Its parameters and results, without names. */
function signature(item) {
  const [head] = item.slice(item.indexOf('(func ')).split(/\n/, 1);
  const parts = [...head.matchAll(PARTS)].map(([, kind, rest]) => [kind, rest.trim().split(' ').filter((word) => !word.startsWith('$'))]);
  const types = (of) => parts.filter(([kind]) => kind === of).flatMap(([, words]) => words);
  return { params: types('param'), results: types('result') };
}

const write = (kind, types) => (types.length > 0 ? ` (${kind} ${types.join(' ')})` : '');
const typed = ({ params, results }) => write('param', params) + write('result', results);

/** Element segments for the functions of a half, at their places. */
function segments(module, keeps, more = []) {
  const runs = [];
  const places = module.elements.flatMap(({ offset, names }) => names.map((name, index) => [offset + index, name]));
  for (const [place, name] of [...places, ...more]) {
    if (!keeps(name)) continue;
    const last = runs.at(-1);
    if (last && last.offset + last.names.length === place) last.names.push(name);
    else runs.push({ offset: place, names: [name] });
  }
  return runs.map(({ offset, names }) => ` (elem (table ${module.table.name}) (i32.const ${offset}) func ${names.join(' ')})`);
}

function pageText(module, page, slots, shared) {
  const size = module.table.size + slots.size;
  const entries = [...slots].map(([name, slot]) => {
    const shape = signature(module.functions.get(name));
    const values = shape.params.map((_, index) => `(local.get ${index})`).join(' ');
    return ` (func ${name}${typed(shape)}\n  (call_indirect ${module.table.name}${typed(shape)} ${values} (i32.const ${slot}))\n )`;
  });
  return [
    module.head,
    ...module.types,
    ...pick(module.imports, new Set([...page, ...shared.keys()])),
    ...module.rest.map((item) => (item === module.table.item ? ` (table ${module.table.name} ${size} ${size} funcref)` : item)),
    ` (export "table" (table ${module.table.name}))`,
    ` (export "stack" (global ${module.stack.name}))`,
    ...[...shared.keys()].map((name, index) => ` (export "${short(index)}" (func ${name}))`),
    ...segments(module, (name) => page.has(name)),
    ...entries,
    ...pick(module.functions, page),
    ')\n',
  ].join('\n');
}

function engineText(module, engine, page, slots, shared) {
  const functions = pick(module.functions, engine);
  const isUsed = (name) => functions.some((body) => body.includes(` ${name}`));
  return [
    module.head,
    ...module.types,
    ' (import "page" "memory" (memory 0))',
    ` (import "page" "table" (table ${module.table.name} ${module.table.size + slots.size} funcref))`,
    ...(isUsed(OBJECTS) ? [` (import "page" "${OBJECTS.slice(1)}" (table ${OBJECTS} 0 externref))`] : []),
    ` (import "page" "stack" (global ${module.stack.name} (mut i32)))`,
    ...[...shared].map(([name, shape], index) => ` (import "page" "${short(index)}" (func ${name}${typed(shape)}))`),
    ...segments(module, (name) => engine.has(name) && !page.has(name)),
    ...segments({ ...module, elements: [] }, () => true, [...slots].map(([name, slot]) => [slot, name])),
    ...functions,
    ')\n',
  ].join('\n');
}

/** Names of what the page exports for the engine: they stand in no other export. */
const short = (index) => `e${index}`;
const pick = (items, names) => [...items].filter(([name]) => names.has(name)).map(([, item]) => item);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, engine] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(split(path, engine), null, 1)}\n`);
}
