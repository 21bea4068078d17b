// Completion of what may stand at a place: words of the language, and names of both texts.

import { snippetCompletion } from '@codemirror/autocomplete';
import { declared, fits, nameOf } from './names.js';
import { around, variables } from './place.js';
import { ARITHMETIC, CONDITIONS, EFFECTS, PARTS, REQUIREMENTS, SECTIONS } from './words.js';

const SNIPPETS = {
  ':action': ':action ${name}\n  :parameters (${})\n  :precondition (${})\n  :effect (${})',
  forall: 'forall (?${x} - ${type}) (${})',
  exists: 'exists (?${x} - ${type}) (${})',
  when: 'when (${}) (${})',
};

const words = (map, boost = 0) => Object.entries(map).map(([label, detail]) => {
  const option = { label, detail, type: 'keyword', boost };
  return label in SNIPPETS ? snippetCompletion(SNIPPETS[label], option) : option;
});

const option = (each, boost = 0) => ({ label: each.raw, detail: each.detail, type: each.kind, boost });

const isNumeric = (head) => head in ARITHMETIC || ['=', '<', '<=', '>', '>=', 'increase', 'decrease', 'assign', 'scale-up', 'scale-down', 'minimize', 'maximize'].includes(head);

/** What can begin a list here. */
function heads(stack, role, all) {
  const outer = stack[stack.length - 2];
  if (!outer) return [{ label: 'define', type: 'keyword' }];
  if (outer.head === 'define') {
    return outer.count < 1 ? [{ label: role, type: 'keyword' }] : words(SECTIONS[role]);
  }
  const of = (...kinds) => all.filter(({ kind }) => kinds.includes(kind)).map((each) => option(each, 2));
  if (isNumeric(outer.head)) return [...of('function'), ...words(ARITHMETIC)];
  const heads_ = stack.map(({ head }) => head);
  if (heads_.includes(':init')) return [...of('predicate', 'function'), { label: '=', detail: 'a number', type: 'keyword' }];
  if (heads_.includes(':goal')) return [...of('predicate'), ...words(CONDITIONS)];
  if (heads_.includes(':metric')) return [...of('function'), ...words(ARITHMETIC)];
  const action = stack.find(({ head }) => /^:(?:durative-)?action$/.test(head));
  if (action?.keyword === ':effect') {
    const inCondition = outer.head === 'when' && outer.count === 1;
    return [...of('predicate'), ...words(inCondition ? CONDITIONS : EFFECTS)];
  }
  if (action?.keyword === ':precondition' || heads_.includes(':derived')) return [...of('predicate'), ...words(CONDITIONS)];
  return [];
}

/** What can be an argument here; what fits the declared type comes first. */
function values(stack, state, pos, all) {
  const top = stack[stack.length - 1];
  const of = all.find((each) => each.name === top.head && (each.kind === 'predicate' || each.kind === 'function'));
  const wanted = of?.parameters?.[top.count]?.type;
  const things = [...variables(state, pos), ...all.filter(({ kind }) => kind === 'constant' || kind === 'object')];
  return things.map((each) => option(each, fits(each.type, wanted, all) ? 2 : -2));
}

/** A completion source for the editor that holds `role`. */
export const completions = (role) => (context) => {
  const word = context.matchBefore(/[^\s();]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const { state } = context;
  if (/;/.test(state.doc.lineAt(context.pos).text.slice(0, word.from - state.doc.lineAt(context.pos).from))) return null;
  const stack = around(state, word.from);
  const options = at(stack, word, state, context.pos, role);
  return options.length ? { from: word.from, options, validFor: /^[^\s();]*$/ } : null;
};

function at(stack, word, state, pos, role) {
  const top = stack[stack.length - 1];
  if (!top) return [];
  const all = declared();
  const typesHere = [...all.filter(({ kind }) => kind === 'type').map((each) => option(each)), { label: 'object', detail: 'anything', type: 'type' }];
  if (top.previous === '-' || top.head === 'either') return typesHere;
  if (word.text.startsWith('?')) return variables(state, word.from).map((each) => option(each));
  if (top.head === ':requirements') return words(REQUIREMENTS);
  if (/^:(?:durative-)?action$/.test(top.head)) return top.count > 0 ? words(PARTS) : [];
  if (top.head === ':domain') return nameOf('domain') ? [{ label: nameOf('domain').raw, type: 'domain' }] : [];
  if (top.previous === '(') return heads(stack, role, all);
  if (top.head === ':metric') return [{ label: 'minimize', type: 'keyword' }];
  if (/^:(?:types|objects|constants|parameters)$/.test(top.head)) return [];
  return values(stack, state, pos, all);
}
