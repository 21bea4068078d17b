// JSON with comments and trailing commas, a token at a time: a broken document stays coloured, and a large
// one is read only as far as it is shown.

import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const STRING = /^"(?:[^"\\\n]|\\.)*"?/;
const NUMBER = /^-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?/;

function token(stream, state) {
  if (state.comment) {
    state.comment = !stream.skipTo('*/');
    if (state.comment) stream.skipToEnd();
    else stream.match('*/');
    return 'comment';
  }
  if (stream.eatSpace()) return null;
  if (stream.match('//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match('/*')) {
    state.comment = true;
    return 'comment';
  }
  if (stream.match(STRING)) return stream.match(/^\s*:/, false) ? 'propertyName' : 'string';
  if (stream.match(NUMBER)) return 'number';
  if (stream.match(/^(?:true|false|null)\b/)) return 'bool';
  const char = stream.next();
  if (char === '{' || char === '[') state.depth += 1;
  if ((char === '}' || char === ']') && state.depth > 0) state.depth -= 1;
  return /[{}[\],:]/.test(char) ? 'punctuation' : 'invalid';
}

const jsonc = StreamLanguage.define({
  name: 'goap',
  startState: () => ({ depth: 0, comment: false }),
  token,
  indent(state, after, context) {
    return Math.max(0, state.depth - (/^[}\]]/.test(after) ? 1 : 0)) * context.unit;
  },
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['{', '[', '"'] },
    indentOnInput: /^\s*[}\]]$/,
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--c-key)' },
  { tag: tags.string, color: 'var(--c-str)' },
  { tag: [tags.number, tags.bool], color: 'var(--c-num)' },
  { tag: tags.punctuation, color: 'var(--c-pun)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);

export const language = () => new LanguageSupport(jsonc, syntaxHighlighting(colours));
