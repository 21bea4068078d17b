// Where in a text a place is: the lists around it, and the variables that are known there.

import { readTyped, tokens } from './outline.js';

/** Characters before a place that are looked at. */
const BEFORE = 40_000;

/** The tokens before a place, from the beginning of its section where that is near. */
function before(state, pos) {
  let from = Math.max(0, pos - BEFORE);
  if (from > 0) from = state.doc.lineAt(from).from;
  return [...tokens(state.sliceDoc(from, pos), from)];
}

/**
 * The lists that are open before the word at `pos`, outermost first: what each begins with, how many
 * items follow, the last `:word` in it and the item before.
 */
export function around(state, pos) {
  const all = before(state, pos);
  const stack = [];
  for (const token of all) {
    const top = stack[stack.length - 1];
    if (token.text === '(') {
      if (top) top.count += 1;
      stack.push({ head: '', from: token.from, count: -1, keyword: '', previous: '(' });
    } else if (token.text === ')') {
      stack.pop();
      const outer = stack[stack.length - 1];
      if (outer) outer.previous = ')';
    } else if (top) {
      if (top.count < 0) top.head = token.text;
      else if (token.text.startsWith(':')) top.keyword = token.text;
      top.count += 1;
      top.previous = token.text;
    }
  }
  return stack;
}

/** Variables known at a place: parameters of the action or rule around it, and of quantifiers. */
export function variables(state, pos) {
  const all = before(state, pos);
  let start = 0;
  all.forEach((token, at) => {
    if (token.text === '(' && /^:(?:action|durative-action|derived|goal|metric)$/.test(all[at + 1]?.text ?? '')) start = at;
  });
  const found = new Map();
  for (let at = start; at < all.length; at += 1) {
    const isList = all[at].text === '(' && /^(?::parameters|forall|exists)$/.test(all[at - 1]?.text ?? '');
    const isHead = all[at].text === '(' && all[at - 1]?.text === ':derived';
    if (!isList && !isHead) continue;
    for (const { token, type } of readTyped(all, at + (isHead ? 2 : 1)).list) {
      if (token.text.startsWith('?')) found.set(token.text, { kind: 'variable', name: token.text, raw: token.raw, from: token.from, to: token.to, type, detail: type ? `- ${type}` : '' });
    }
  }
  return [...found.values()];
}

/** The word at a place. */
export function wordAt(state, pos) {
  const line = state.doc.lineAt(pos);
  for (const token of tokens(line.text, line.from)) {
    if (token.from <= pos && token.to >= pos && token.text !== '(' && token.text !== ')') return token;
  }
  return null;
}
