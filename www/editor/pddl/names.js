// Names across the two texts: what is declared, and where.

import { peer } from '../peers.js';
import { outline, tokens } from './outline.js';
import { around, variables, wordAt } from './place.js';

const ROLES = ['domain', 'problem'];

/** All that is declared in either text, each with the text that it stands in. */
export function declared() {
  return ROLES.flatMap((role) => {
    const view = peer(role)?.view;
    return view ? outline(view.state.doc).declared.map((each) => ({ ...each, role })) : [];
  });
}

/** The name that a text gives itself. */
export function nameOf(role) {
  const view = peer(role)?.view;
  return view ? outline(view.state.doc).name : null;
}

/** What the kinds are called. */
export const WORDS = { type: 'type', constant: 'constant', object: 'object', predicate: 'predicate', function: 'function', action: 'action', variable: 'variable', domain: 'domain' };

/** Which kinds a name may be of, by where it stands. */
function kindsAt(stack, token) {
  const top = stack[stack.length - 1];
  const isHead = top?.count === -1;
  const isInEither = top?.head === 'either';
  if (top?.previous === '-' || isInEither || top?.head === ':types') return ['type'];
  if (top?.head === ':action') return ['action'];
  if (isHead) return token.text.startsWith(':') ? [] : ['predicate', 'function'];
  if (top?.head === ':domain') return ['domain'];
  return ['constant', 'object', 'type', 'predicate', 'function'];
}

/** The declaration of the name at a place: which text, where in it, and what to say; null for none. */
export function declarationAt(state, pos, role) {
  const token = wordAt(state, pos);
  if (!token) return null;
  if (token.text.startsWith('?')) {
    // The bracket behind the list of parameters may stand behind the place: the line after is read, too.
    const found = variables(state, Math.min(state.doc.length, token.to + 400)).find(({ name }) => name === token.text);
    return found ? { ...found, role, token } : null;
  }
  const kinds = kindsAt(around(state, token.from), token);
  if (kinds[0] === 'domain') {
    const name = nameOf('domain');
    return name?.text === token.text ? { ...name, kind: 'domain', name: name.text, detail: '', role: 'domain', token } : null;
  }
  const all = declared();
  for (const kind of kinds) {
    const found = all.find((each) => each.kind === kind && each.name === token.text);
    if (found) return { ...found, token };
  }
  return null;
}

/** The remark that stands behind a declaration or in the lines before it. */
export function remark(doc, from) {
  const line = doc.lineAt(from);
  const behind = /;+\s*(.*)$/.exec(line.text);
  if (behind) return behind[1];
  const above = [];
  for (let number = line.number - 1; number > 0 && number > line.number - 4; number -= 1) {
    const text = /^\s*;+\s*(.*)$/.exec(doc.line(number).text);
    if (!text) break;
    above.unshift(text[1]);
  }
  return above.join(' ');
}

/** Whether a type is another one or stands below it. */
export function fits(type, wanted, all) {
  if (!wanted || wanted === 'object' || !type) return true;
  const asked = wanted.split(' or ');
  let current = type;
  for (let steps = 0; current && steps < 50; steps += 1) {
    if (asked.includes(current)) return true;
    current = all.find((each) => each.kind === 'type' && each.name === current)?.type;
  }
  return false;
}

export { tokens };
