//! The TypeScript types of the package. They describe what `service::report` writes.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A problem: the text of a GOAP document, or a domain and a problem in PDDL. */
export type Problem = { goap: string } | { domain: string; problem: string };

export type Search = "bfs" | "ucs" | "astar" | "wastar" | "gbfs" | "lazy" | "ehc";

export type Preset =
  "astar-lmcut" | "lazy-ff" | "lama-first" | "lama" | "softmin-lama" | "bfws" | "auto";

export type Heuristic =
  "blind" | "goal-count" | "hmax" | "add" | "ff" | "lmcut" | "landmarks" | "novelty";

export interface SolveOptions {
  /** The search, or a preset with its own heuristics. Default
   *  "auto", or "astar" where a heuristic is given. */
  search?: Search | Preset;
  /** What guides the search: one or several, with commas between them, for instance "ff,landmarks".
   *  Default "ff". */
  heuristic?: Heuristic | `${Heuristic},${string}`;
  /** Whether "gbfs", "lazy" and "ehc" favour preferred operators. Default true. */
  preferred?: boolean;
  /** What progress takes off the priorities of the queues for preferred operators, in "lazy". Default 1000. */
  boost?: number;
  /** Which of equally good nodes goes first; null: as the search does by itself. Default null. */
  tie?: "fifo" | "lifo" | null;
  /** Weight of the heuristic in "wastar", 1 to 100. Default 2. */
  weight?: number;
  /** Time of work; null for no limit. Default 10000. */
  timeout_ms?: number | null;
  /** Time from the call until the answer, whatever it waits for; null for no limit. A call whose deadline passes while
   *  it waits for its turn is not started: the outcome is "time_limit". Default null. */
  deadline_ms?: number | null;
  /** How urgent it is, -128 to 127: of the calls that wait, the one that came first goes first, and each point counts
   *  as if it had come a second earlier. Default 0. */
  priority?: number;
  /** What the search may hold. Default 256. */
  memory_mib?: number;
  /** Plan for this goal, whatever its "when" says. */
  goal?: string;
  /** Which of several goals to plan for. Default "priority". */
  policy?: "priority" | "cheapest";
  /** Whether the plan found is kept, and a better one kept before is reported as `kept`. Default true. */
  use_cache?: boolean;
  /** Whether a kept plan whose guarantee suffices answers, and nothing is searched then; or else the plan of a
   *  similar problem that was kept before is repaired, where no optimal plan is asked for. Default false. */
  reuse?: boolean;
  /** Seed for whatever is drawn at random. Default 0. */
  seed?: number;
  /** Cancels the run; the promise then resolves with the outcome "cancelled". On the page, while the engine
   *  is still being fetched, it rejects with an error named AbortError. */
  signal?: AbortSignal;
  /** Called about ten times a second while the run goes on. */
  on_progress?: (progress: Progress) => void;
}

export type Outcome =
  "solved" | "unsolvable" | "exhausted" | "time_limit" | "memory_limit" | "negative_cost" | "cancelled" | "fault";

/** A value of a variable or of a parameter. */
export type Value = boolean | number | string;

export interface Step { action: string; args: Value[]; cost: number }

export interface Statistics {
  evaluated: number; expanded: number; generated: number;
  reopened: number; registered: number; dead_ends: number;
}

export interface Phases {
  parse_ms: number; ground_ms: number; search_ms: number; validate_ms: number; total_ms: number;
}

/** A step that would cost less than nothing, what comes before it, and what holds there. */
export interface RefusedStep {
  step: string; cost: number; after: string[]; atoms: string[]; values: Record<string, number>;
}

/** What grounding came to, for PDDL. */
export interface Grounding {
  static_facts: number; atoms: number; instances: number; duplicates: number;
  operators: number; axioms: number; mutex_groups: number;
  variables: number; derived_variables: number; facts: number; slots: number;
  /** In order; empty where the compiled task was kept. */
  phases: { name: string; ms: number }[];
}

export type Provenance =
  { source: "search" } | { source: "pattern"; engine: string; uses: number; successes: number };

/** Counted from 1; columns in Unicode scalar values. */
export interface Position { line: number; column: number }

export interface Diagnostic {
  severity: "error" | "warning" | "note";
  code: string;
  message: string;
  /** Of PDDL: which text. */
  file?: "domain" | "problem";
  /** The end is one past the last character. */
  range: { start: Position; end: Position };
  help: string | null;
}

/** A place in the text; of PDDL, `file` says in which. */
export interface Place { file?: "domain" | "problem"; range: { start: Position; end: Position } }

export interface GoalEntry {
  name: string;
  priority: number;
  /** "passed_over": it has a plan, and another goal a cheaper one. */
  verdict: "not_candidate" | "not_tried" | "planned" | "passed_over" | "failed";
  /** How its search ended, where it failed. */
  outcome: Outcome | null;
  /** What its plan costs, where one was found. */
  cost: number | null;
  /** Why it cannot be reached, where that is proven; of the first eight such goals. */
  explanation?: Explanation;
}

/** Why there is no plan for a goal. */
export interface Explanation {
  goal: string;
  /** Each condition of the goal; first_at is the layer of relaxed reachability at which it first holds,
   *  0 being the start, null for never. */
  conditions: ({ text: string; first_at: number | null } & Place)[];
  /** From a condition that is never true down to the cause; empty where each can be met by itself. */
  chain: ({ condition: string; reason: string; is_root: boolean } & Place)[];
  /** Actions that never apply. */
  unreachable: ({ action: string; condition: string; seen: string } & Place)[];
  /** The effect that comes nearest to a remedy. */
  nearest_miss: ({
    text: string;
    fix: ({ label: string; replacement: string } & Place) | null;
  } & Place) | null;
}

export interface Result {
  /** null where the document has errors: see diagnostics. */
  outcome: Outcome | null;
  message: string;
  goal: string | null;
  plan: Step[] | null;
  cost: number | null;
  length: number | null;
  optimal: boolean;
  phases: Phases;
  statistics: Statistics;
  peak_memory_bytes: number;
  /** The plans of "lama" and "auto", each cheaper than the one before. */
  improvements?: { cost: number; length: number; expanded: number; ms: number }[];
  /** With "reuse": the plan of a similar problem that was repaired. `similarity` is from 0 to 1; the others count
   *  steps of the old plan that were kept, that were added and that were dropped. */
  repair?: { similarity: number; kept: number; added: number; dropped: number };
  /** How each heuristic began: its estimate of the initial state, and its landmarks by kind. */
  heuristics?: {
    name: string;
    initial_h: number | null;
    landmarks?: {
      simple: number;
      disjunctive: number;
      orders: { greedy_necessary: number; natural: number; reasonable: number };
    };
  }[];
  grounding?: Grounding;
  provenance: Provenance;
  /** A plan kept before that is better than this answer: cheaper, or proven optimal where this is not. */
  kept?: { cost: number; length: number; optimal: boolean; engine: string };
  /** What became of each goal, the most urgent first; empty where the document has errors. */
  goals: GoalEntry[];
  /** Why there is no plan for the most urgent goal, where that is proven. */
  explanation: Explanation | null;
  diagnostics: Diagnostic[];
}

export interface Progress {
  phase: "queued" | "parse" | "ground" | "search" | "validate" | "finished";
  elapsed_ms: number;
  worked_ms: number;
  timeout_ms: number | null;
  statistics: Statistics;
  best_h: number | null;
  open: number;
  memory_bytes: number;
  memory_limit_bytes: number;
  goal: string | null;
  /** While a PDDL task is grounded; the last phase is under way. */
  grounding: Grounding | null;
}

export interface CheckResult { diagnostics: Diagnostic[] }

/** Plans for a problem. Rejects with a TypeError for wrong arguments and with an error named
 *  BusyError where too many runs wait, or, on the page, LoadError where the engine did not load. */
export function solve(problem: Problem, options?: SolveOptions): Promise<Result>;

/** Facts of the present state: variables of a GOAP document by name, or atoms ("(at truck depot)": true) and numeric
 *  fluents ("(fuel truck)": 7) of a PDDL problem. */
export type Facts = Record<string, Value>;

/** Whether a plan holds. */
export type Checked =
  | { valid: true; cost: number; step: null; reason: null }
  /** `step` is the index of the step that does not hold; the plan's length where the goal does not hold in the end. */
  | { valid: false; cost: null; step: number; reason: string };

/** A problem that was read and compiled once, to plan for it from states that change. */
export class Session {
  private constructor();
  /** The present state; of PDDL's atoms those that hold. */
  state(): Facts;
  /** Writes what was seen into the present state, all of it or nothing. Throws a TypeError for the first fact that
   *  the problem cannot have. */
  observe(facts: Facts): void;
  /** Plans from the present state. Options count in place of the session's. */
  plan(options?: SolveOptions): Promise<Result>;
  /** Whether a plan holds from the present state, without a search; for the first goal where none is named. */
  check(plan: { action: string; args?: Value[] }[], goal?: string): Promise<Checked>;
  /** A session of the same problem with a state of its own. */
  fork(): Session;
  /** Releases it; it is released by itself once it is unreachable, too. */
  free(): void;
}

/** Reads and compiles a problem once. Rejects as solve does, and with an InputError that has a `result` where the
 *  problem has errors. */
export function session(problem: Problem, options?: SolveOptions): Promise<Session>;

/** Reports what is wrong with a document, without planning. */
export function check(problem: Problem | { domain: string }): Promise<CheckResult>;
"#;
