// The words of PDDL itself, with what they mean.

/** Sections of a domain and of a problem. */
export const SECTIONS = {
  domain: {
    ':requirements': 'what of the language is used',
    ':types': 'kinds of objects',
    ':constants': 'objects of every problem',
    ':predicates': 'what can hold',
    ':functions': 'numbers',
    ':derived': 'what follows from other things',
    ':action': 'what can be done',
  },
  problem: {
    ':domain': 'which domain',
    ':objects': 'what there is',
    ':init': 'what holds at first',
    ':goal': 'what is wanted',
    ':metric': 'what a plan costs',
  },
};

/** Parts of an action. */
export const PARTS = {
  ':parameters': 'its variables',
  ':precondition': 'what must hold before',
  ':effect': 'what it changes',
};

export const REQUIREMENTS = {
  ':strips': 'add and delete',
  ':typing': 'types',
  ':negative-preconditions': 'not in conditions',
  ':disjunctive-preconditions': 'or, imply',
  ':equality': '= between objects',
  ':existential-preconditions': 'exists',
  ':universal-preconditions': 'forall',
  ':quantified-preconditions': 'exists and forall',
  ':conditional-effects': 'when',
  ':adl': 'all of the above',
  ':action-costs': 'increase total-cost',
  ':numeric-fluents': 'functions that change',
  ':derived-predicates': 'axioms',
};

export const CONDITIONS = {
  and: 'all of them', or: 'at least one', not: 'does not hold', imply: 'if the first, then the second',
  forall: 'for every object', exists: 'for some object',
  '=': 'equal', '<': 'less', '<=': 'at most', '>': 'greater', '>=': 'at least',
};

export const EFFECTS = {
  and: 'all of them', not: 'holds no more', when: 'only if it holds before', forall: 'for every object',
  increase: 'add to a number', decrease: 'take from a number', assign: 'set a number',
  'scale-up': 'multiply a number', 'scale-down': 'divide a number',
};

export const ARITHMETIC = { '+': 'sum', '-': 'difference', '*': 'product', '/': 'quotient' };

const more = ['define', 'domain', 'problem', 'either', 'minimize', 'maximize', 'preference', 'always', 'sometime', 'at-most-once', 'over', 'start', 'end'];

/** All words that can begin a list and are no names. */
export const OPERATORS = new Set([...Object.keys(CONDITIONS), ...Object.keys(EFFECTS), ...Object.keys(ARITHMETIC), ...more]);
