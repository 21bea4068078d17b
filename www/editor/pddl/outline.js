// What a text declares, read so that what is not finished does no harm. A section is known by its word,
// wherever it stands: a missing bracket spoils no more than the section that misses it.

/** Characters that are read at most; declarations stand in front of facts. */
const MOST = 400_000;

const TOKEN = /;[^\n]*|[()]|[^\s();]+/g;
const known = new WeakMap();

/** Tokens of a text with their places, without comments. */
export function* tokens(text, offset = 0) {
  TOKEN.lastIndex = 0;
  for (const { 0: raw, index } of text.matchAll(TOKEN)) {
    if (raw[0] !== ';') yield { text: raw.toLowerCase(), raw, from: offset + index, to: offset + index + raw.length };
  }
}

/**
 * What a document declares; kept for as long as the document does not change.
 * @returns {{name: object|null, declared: {kind: string, name: string, from: number, to: number,
 *   detail: string, parameters?: object[], type?: string}[]}}
 */
export function outline(doc) {
  let found = known.get(doc);
  if (!found) {
    found = read(doc.sliceString(0, MOST));
    known.set(doc, found);
  }
  return found;
}

const KINDS = { ':types': 'type', ':constants': 'constant', ':objects': 'object', ':predicates': 'predicate', ':functions': 'function' };

function read(text) {
  const found = { name: null, declared: [] };
  const all = [...firstTokens(text)];
  for (let at = 0; at + 1 < all.length; at += 1) {
    if (all[at].text !== '(') continue;
    const head = all[at + 1].text;
    if ((head === 'domain' || head === 'problem') && !found.name && all[at + 2]) found.name = { ...all[at + 2], kind: head };
    else if (head in KINDS) readSection(all, at + 2, KINDS[head], found.declared);
    else if (head === ':action' || head === ':durative-action') readAction(all, at + 2, found.declared);
    else if (head === ':derived' && all[at + 2]?.text === '(') readSignature(all, at + 2, 'derived', found.declared);
  }
  return found;
}

/** Tokens up to the facts of a problem. */
function* firstTokens(text) {
  let before = '';
  for (const token of tokens(text)) {
    if (before === '(' && token.text === ':init') return;
    before = token.text;
    yield token;
  }
}

function readSection(all, start, kind, declared) {
  if (kind === 'predicate' || kind === 'function') {
    for (let at = start; at < all.length && all[at].text !== ')';) {
      at = all[at].text === '(' ? readSignature(all, at, kind, declared) : at + 1;
      if (all[at]?.text === '-') at += 2;
    }
    return;
  }
  const { list } = readTyped(all, start);
  for (const { token, type } of list) {
    declared.push({ kind, name: token.text, raw: token.raw, from: token.from, to: token.to, type, detail: type ? `- ${type}` : '' });
  }
}

/** A signature that begins with the bracket at `start`; returns where it ends. */
function readSignature(all, start, kind, declared) {
  const name = all[start + 1];
  if (!name || name.text === '(' || name.text === ')') return start + 2;
  if (name.text.startsWith(':')) return all.length;
  const { list, end } = readTyped(all, start + 2);
  const parameters = list.map(({ token, type }) => ({ name: token.text, raw: token.raw, from: token.from, to: token.to, type }));
  if (kind !== 'derived' || !declared.some((other) => other.name === name.text && other.kind === 'predicate')) {
    declared.push({ kind: kind === 'derived' ? 'predicate' : kind, name: name.text, raw: name.raw, from: name.from, to: name.to, parameters, detail: typed(parameters) });
  }
  return end;
}

function readAction(all, start, declared) {
  const name = all[start];
  if (!name || name.text === '(' || name.text.startsWith(':')) return;
  const isParameters = all[start + 1]?.text === ':parameters' && all[start + 2]?.text === '(';
  const { list } = isParameters ? readTyped(all, start + 3) : { list: [] };
  const parameters = list.map(({ token, type }) => ({ name: token.text, raw: token.raw, from: token.from, to: token.to, type }));
  declared.push({ kind: 'action', name: name.text, raw: name.raw, from: name.from, to: name.to, parameters, detail: typed(parameters) });
}

/** A typed list up to its closing bracket. */
export function readTyped(all, start) {
  const list = [];
  let open = 0;
  let at = start;
  for (; at < all.length && all[at].text !== ')'; at += 1) {
    const token = all[at];
    if (token.text === '(') break;
    if (token.text !== '-') {
      list.push({ token, type: '' });
      continue;
    }
    let type = all[at + 1]?.text ?? '';
    at += 1;
    if (type === '(') {
      const end = all.findIndex((other, index) => index > at && other.text === ')');
      if (end < 0) break;
      type = all.slice(at + 2, end).map(({ text }) => text).join(' or ');
      at = end;
    }
    if (type === ')') break;
    for (; open < list.length; open += 1) list[open].type = type;
  }
  return { list, end: at + 1 };
}

/** Parameters as they are read, for instance `?x ?y - block`. */
export function typed(parameters) {
  return parameters.map(({ raw, type }, index) => {
    const next = parameters[index + 1];
    return type && next?.type !== type ? `${raw} - ${type}` : raw;
  }).join(' ');
}
