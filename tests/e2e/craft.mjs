// Crafting problems for measurements: seeded, and the same everywhere.
//
// Exclusive places on a ring (both ways) with random chords (cost 1 to 3); tiers of items; things are
// gathered at random places, only if absent (cost 1 to 3); each item of a higher tier has one fixed bench,
// needs a random item of the tier below and, with probability 1/2, a second one of any lower tier; each
// ingredient is used up with probability 1/2 (cost 1 to 4). One recipe an item in order, then random items.
// The goal is item 0 of the last tier. The order of the draws is part of the problem: do not change it.

const MASK = (1n << 64n) - 1n;

/** SplitMix64; `below(n)` is the next number modulo n. */
class SplitMix64 {
  constructor(seed) {
    this.state = BigInt(seed) & MASK;
  }

  below(n) {
    this.state = (this.state + 0x9E3779B97F4A7C15n) & MASK;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xBF58476D1CE4E5B9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94D049BB133111EBn) & MASK;
    return Number((z ^ (z >> 31n)) % BigInt(n));
  }
}

const at = (place) => `at_${place}`;
const item = ([tier, kind]) => `it_${tier}_${kind}`;

/** Pairs of places between which one can move: the ring, then random chords. */
function ways(random, places, moves) {
  const pairs = [];
  for (let place = 0; place < places; place += 1) {
    const next = (place + 1) % places;
    pairs.push([place, next], [next, place]);
  }
  while (pairs.length < moves) {
    const [a, b] = [random.below(places), random.below(places)];
    if (a !== b && !pairs.some(([from, to]) => from === a && to === b)) pairs.push([a, b]);
  }
  return pairs.slice(0, moves);
}

/** What a recipe needs: an item of the tier below and sometimes one more of any lower tier. */
function ingredientsOf(random, tier, width) {
  const ingredients = [[tier - 1, random.below(width)]];
  if (random.below(2) === 0) {
    const lower = random.below(tier);
    const other = [lower, random.below(width)];
    if (!ingredients.some(([t, k]) => t === other[0] && k === other[1])) ingredients.push(other);
  }
  return ingredients;
}

/** A crafting problem as a document. */
export function craft({ name, seed, places, tiers, width, moves, gathers, total }) {
  const random = new SplitMix64(seed);
  const actions = [];
  const add = (action, cost, preconditions, effects) => actions.push({ name: action, preconditions, effects, cost });
  for (const [a, b] of ways(random, places, moves)) {
    add(`move_${a}_${b}`, 1 + random.below(3), { [at(a)]: true }, { [at(b)]: true, [at(a)]: false });
  }
  for (let k = 0; k < gathers; k += 1) {
    const [place, found] = [random.below(places), item([0, k % width])];
    add(`gather_${k}_${k % width}`, 1 + random.below(3), { [at(place)]: true, [found]: false }, { [found]: true });
  }
  const items = [];
  for (let tier = 1; tier < tiers; tier += 1) for (let kind = 0; kind < width; kind += 1) items.push([tier, kind]);
  const bench = new Map(items.map((made) => [item(made), random.below(places)]));
  for (let k = 0; actions.length < total; k += 1) {
    const made = items[k < items.length ? k : random.below(items.length)];
    const ingredients = ingredientsOf(random, made[0], width);
    const preconditions = { [at(bench.get(item(made)))]: true, [item(made)]: false };
    for (const one of ingredients) preconditions[item(one)] = true;
    const effects = { [item(made)]: true };
    for (const one of ingredients) if (random.below(2) === 0) effects[item(one)] = false;
    add(`craft_${k}_${made[0]}_${made[1]}`, 1 + random.below(4), preconditions, effects);
  }
  const state = {};
  for (let place = 0; place < places; place += 1) state[at(place)] = place === 0;
  for (let tier = 0; tier < tiers; tier += 1) for (let kind = 0; kind < width; kind += 1) state[item([tier, kind])] = false;
  const goal = { name: 'goal', priority: 5, conditions: { [item([tiers - 1, 0])]: true } };
  return JSON.stringify({ format: 'planscope-goap/1', name, state, actions, goals: [goal] });
}

export const craft100 = () => craft({ name: 'craft100', seed: 1, places: 6, tiers: 5, width: 11, moves: 16, gathers: 12, total: 100 });
export const craft1000 = () => craft({ name: 'craft1000', seed: 1, places: 12, tiers: 5, width: 57, moves: 48, gathers: 14, total: 1000 });
