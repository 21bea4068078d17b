// From a name to its declaration, in whichever text that is: shown under the pointer, gone to with F12 or
// with Ctrl (on a Mac Command) and a click.

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, hoverTooltip, keymap } from '@codemirror/view';
import { peer } from '../peers.js';
import { WORDS, declarationAt, remark } from './names.js';

const setLink = StateEffect.define();

const link = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setLink)) return effect.value;
    return transaction.docChanged ? Decoration.none : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const mark = Decoration.mark({ class: 'ps-link' });

/** Goes to the declaration of the name at a place; false where it is not declared. */
function follow(view, pos, role) {
  const found = declarationAt(view.state, pos, role);
  const target = found && peer(found.role);
  if (!target) return false;
  target.reveal();
  target.goto(found.from, found.to);
  return true;
}

const isCommand = (event) => event.ctrlKey || event.metaKey;

function underline(view, pos, role) {
  const found = pos === null ? null : declarationAt(view.state, pos, role);
  const next = found ? Decoration.set([mark.range(found.token.from, found.token.to)]) : Decoration.none;
  if (next.size || view.state.field(link).size) view.dispatch({ effects: setLink.of(next) });
}

function tooltip(found, view) {
  const { doc } = (peer(found.role)?.view ?? view).state;
  const dom = document.createElement('div');
  dom.className = 'ps-hover';
  const add = (tag, text) => dom.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
  const isList = found.parameters;
  add('code', isList ? `(${[found.raw, found.detail].filter(Boolean).join(' ')})` : [found.raw, found.detail].filter(Boolean).join(' '));
  const line = doc.lineAt(Math.min(found.from, doc.length)).number;
  add('span', `${WORDS[found.kind]}, ${found.role} line ${line}; F12 goes there`);
  const said = found.kind === 'variable' ? '' : remark(doc, Math.min(found.from, doc.length));
  if (said) add('p', said);
  return { dom };
}

/** The extension for the editor that holds `role`. */
export const links = (role) => [
  link,
  hoverTooltip((view, pos) => {
    const found = declarationAt(view.state, pos, role);
    const isItself = found && found.role === role && found.from === found.token.from;
    return found && !isItself ? { pos: found.token.from, end: found.token.to, create: () => tooltip(found, view) } : null;
  }),
  keymap.of([{ key: 'F12', run: (view) => follow(view, view.state.selection.main.head, role) }]),
  EditorView.domEventHandlers({
    mousedown(event, view) {
      if (!isCommand(event) || event.button !== 0) return false;
      const pos = view.posAtCoords({ x: event.clientX, y: event.clientY });
      return pos !== null && follow(view, pos, role);
    },
    mousemove(event, view) {
      underline(view, isCommand(event) ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null, role);
    },
    mouseleave: (_, view) => underline(view, null, role),
    keyup(event, view) {
      if (event.key === 'Control' || event.key === 'Meta') underline(view, null, role);
    },
  }),
];
