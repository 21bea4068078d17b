// Characters that are not seen, and such as turn the text around them, are shown by their numbers.

import { highlightSpecialChars } from '@codemirror/view';

const UNSEEN = /[\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0]/g;

function shown(code) {
  const mark = document.createElement('span');
  mark.className = 'ps-hidden';
  mark.textContent = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  mark.title = 'A character that is not seen';
  return mark;
}

/** The extension. */
export const hidden = highlightSpecialChars({ addSpecialChars: UNSEEN, render: shown });
