// Where in a document the cursor stands: the keys that lead there, read from the text before it.
// It tolerates what is not finished, for that is when it is asked.

const STRING = /"(?:[^"\\\n]|\\.)*"?/y;

/**
 * The place at the end of `text`.
 * @returns {{path: (string|null)[], inKey: boolean, from: number, keys: Set<string>}} `path` names each open
 * object's or list's key (null in lists); `inKey` says whether a key can stand here; `from` is where the
 * unfinished word begins; `keys` are those the object already has.
 */
export function placeIn(text) {
  const stack = [];
  let from = text.length;
  let at = 0;
  const top = () => stack[stack.length - 1];
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      STRING.lastIndex = at;
      const found = STRING.exec(text)[0];
      const open = found.length < 2 || !found.endsWith('"');
      if (open && at + found.length === text.length) {
        from = at;
        break;
      }
      const frame = top();
      if (frame?.object && frame.expectsKey) frame.key = found.replace(/^"|"$/g, '');
      at += found.length;
      continue;
    }
    if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
      continue;
    }
    step(stack, char);
    at += 1;
  }
  const word = /[\w$]*$/.exec(text)[0];
  if (from === text.length) from -= word.length;
  const frame = top();
  return {
    path: stack.map((each) => each.name).slice(1),
    inKey: Boolean(frame?.object && frame.expectsKey),
    valueOf: frame?.object && !frame.expectsKey ? frame.key : null,
    keys: frame?.keys ?? new Set(),
    from,
  };
}

function step(stack, char) {
  const frame = stack[stack.length - 1];
  if (char === '{' || char === '[') {
    const name = frame ? (frame.object ? frame.key : null) : '';
    stack.push({ object: char === '{', name, key: null, expectsKey: true, keys: new Set() });
  } else if (char === '}' || char === ']') {
    stack.pop();
  } else if (frame?.object && char === ':') {
    frame.expectsKey = false;
    if (frame.key !== null) frame.keys.add(frame.key);
  } else if (frame?.object && char === ',') {
    frame.expectsKey = true;
    frame.key = null;
  }
}
