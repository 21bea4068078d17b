// Completion of the format's keys, by where they may stand, and of the document's variables.

import { placeIn } from './context.js';

const key = (label, detail, value = '') => ({ label, detail, type: 'property', value });

const ROOT = [
  key('format', 'planscope-goap/1', '"planscope-goap/1"'),
  key('name', 'what the problem is called', '""'),
  key('state', 'variables and their initial values', '{}'),
  key('actions', 'what can be done', '[]'),
  key('goals', 'what is wanted', '[]'),
  key('metric', 'what a plan costs', '{}'),
];
const VARIABLE = [
  key('int', 'least and greatest', '[0, 10]'),
  key('float', 'least and greatest', '[0.0, 1.0]'),
  key('enum', 'the values it can have', '[]'),
  key('value', 'initially'),
];
const ACTION = [
  key('name', 'unique', '""'),
  key('parameters', 'one action for each value', '{}'),
  key('preconditions', 'what must hold before', '{}'),
  key('effects', 'what it changes', '{}'),
  key('cost', 'a number, or base and per; default 1'),
  key('duration', 'default 0'),
  key('confidence', 'percent; default 100'),
];
const GOAL = [
  key('name', 'unique', '""'),
  key('priority', 'larger is more urgent; default 0'),
  key('when', 'candidate only where this holds initially', '{}'),
  key('conditions', 'what must hold at the end', '{}'),
];
const GROUPS = [
  key('any', 'at least one holds', '[]'),
  key('all', 'all hold', '[]'),
  key('not', 'does not hold', '{}'),
];
const COMPARE = [
  key('==', 'equal'), key('!=', 'not equal'), key('<', 'less'), key('<=', 'at most'), key('>', 'greater'), key('>=', 'at least'),
  key('var', 'another variable', '""'),
];
const CHANGE = [key('set', 'to a value'), key('+', 'raise by'), key('-', 'lower by'), key('var', 'to another variable', '""')];
const OPERAND = [key('var', 'another variable', '""')];
const COST = [key('base', 'fixed part'), key('per', 'for each unit of a variable', '{}')];
const METRIC = [key('cost', 'weight; default 1'), key('duration', 'weight; default 0'), key('risk', 'weight; default 0')];

const isGroup = (name) => name === 'any' || name === 'all' || name === 'not';

/** The keys that may stand in an object, and whether variables may too. */
function keysAt(path) {
  if (path.length === 0) return { keys: ROOT };
  const [first, ...rest] = path;
  if (first === 'state') return { keys: rest.length === 1 ? VARIABLE : [] };
  if (first === 'metric') return { keys: rest.length === 0 ? METRIC : [] };
  if (first !== 'actions' && first !== 'goals') return { keys: [] };
  if (rest.length === 1) return { keys: first === 'actions' ? ACTION : GOAL };
  const part = rest[1];
  const below = rest.slice(2).filter((name) => name !== null && !isGroup(name));
  if (part === 'preconditions' || part === 'when' || part === 'conditions') {
    if (below.length === 0) return { keys: GROUPS, names: true };
    return { keys: below.length === 1 ? COMPARE : OPERAND };
  }
  if (part === 'effects') {
    if (below.length === 0) return { keys: [], names: true };
    return { keys: below.length === 1 ? CHANGE : OPERAND };
  }
  if (part === 'cost') return below.length === 0 ? { keys: COST } : { keys: [], names: below[0] === 'per' };
  return { keys: [] };
}

/** Puts a key with its colon and an empty value, or a quoted value, where the word was. */
const put = (text, cursor) => (view, _completion, from, to) => {
  const after = view.state.sliceDoc(to, to + 80);
  const quote = after.startsWith('"') ? 1 : 0;
  const hasColon = /^"?\s*:/.test(after);
  const insert = hasColon ? text.slice(0, text.indexOf(':')) : text;
  const anchor = from + (hasColon ? insert.length : cursor);
  view.dispatch({ changes: { from, to: to + quote, insert }, selection: { anchor }, userEvent: 'input.complete' });
};

function option({ label, detail, type, value }, boost) {
  const text = `"${label}": ${value}`;
  const back = /[\]}"]$/.test(value) && value.length === 2 ? 1 : 0;
  return { label, detail, type, boost, apply: put(text, text.length - back) };
}

/** A completion source over the names that `names()` gives. */
export const completions = (names) => (context) => {
  const place = placeIn(context.state.sliceDoc(0, context.pos));
  const typed = context.pos > place.from;
  if (!typed && !context.explicit) return null;
  const found = { from: place.from, validFor: /^"?[^"\s{}[\],:]*$/ };
  if (place.inKey) {
    const { keys, names: withNames } = keysAt(place.path);
    const options = keys.filter(({ label }) => !place.keys.has(label)).map((each) => option(each, 1));
    if (withNames) {
      const variables = names().filter((name) => !place.keys.has(name));
      options.push(...variables.map((label) => option({ label, type: 'variable', detail: 'variable', value: '' }, 2)));
    }
    return options.length ? { ...found, options: options.map(quoted(context, place)), filter: true } : null;
  }
  if (place.valueOf === 'var' || place.path[2] === 'parameters') {
    const options = names().map((label) => ({ label, type: 'variable', apply: put(`"${label}"`, label.length + 2) }));
    return options.length ? { ...found, options: options.map(quoted(context, place)) } : null;
  }
  return null;
};

/** Where a quote was typed the label must begin with one to match. */
const quoted = (context, place) => (each) => {
  const open = context.state.sliceDoc(place.from, place.from + 1) === '"';
  return open ? { ...each, label: `"${each.label}`, displayLabel: each.label } : each;
};
