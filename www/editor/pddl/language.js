// PDDL, a token at a time: a broken text stays coloured, and a large one is read only as far as it is shown.

import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { OPERATORS } from './words.js';

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?![^\s();])/i;
const WORD = /^[^\s();]+/;

function token(stream, state) {
  if (stream.eatSpace()) return null;
  if (stream.peek() === ';') {
    stream.skipToEnd();
    return 'comment';
  }
  const { opened, dash } = state;
  state.opened = false;
  state.dash = false;
  if (stream.eat('(')) {
    state.depth += 1;
    state.opened = true;
    // (either a b) names types, too.
    state.dash = dash;
    return 'punctuation';
  }
  if (stream.eat(')')) {
    if (state.depth > 0) state.depth -= 1;
    if (state.either > state.depth) state.either = 0;
    return 'punctuation';
  }
  if (stream.match(NUMBER)) return 'number';
  const [word] = stream.match(WORD);
  if (word === '-' && !opened) {
    state.dash = true;
    return 'punctuation';
  }
  const name = word.toLowerCase();
  if (opened && name === 'either') {
    state.either = state.depth;
    return 'keyword';
  }
  if (name.startsWith('?')) return 'variableName';
  if (name.startsWith(':') || (opened && OPERATORS.has(name))) return 'keyword';
  if (dash || state.either > 0) return 'typeName';
  return opened ? 'propertyName' : null;
}

const pddl = StreamLanguage.define({
  name: 'pddl',
  startState: () => ({ depth: 0, opened: false, dash: false, either: 0 }),
  token,
  indent: (state, after, context) => Math.max(0, state.depth - (/^\)/.test(after) ? 1 : 0)) * context.unit,
  languageData: {
    commentTokens: { line: ';' },
    closeBrackets: { brackets: ['('] },
    indentOnInput: /^\s*\)$/,
    wordChars: '-?:_',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--c-key)' },
  { tag: tags.typeName, color: 'var(--c-str)' },
  { tag: [tags.variableName, tags.number], color: 'var(--c-num)' },
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.punctuation, color: 'var(--c-pun)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);

export const language = () => new LanguageSupport(pddl, syntaxHighlighting(colours));
