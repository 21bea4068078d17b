//! Problems on a square grid: sliding tiles, mazes, crates. `cX-Y` is the cell in column X of row Y.

use super::draft::Draft;
use super::{SplitMix64, below, shuffle};

/// Steps to the right, down, to the left and up.
const STEPS: [(i32, i32, &str); 4] = [(1, 0, "right"), (0, 1, "down"), (-1, 0, "left"), (0, -1, "up")];

/// A square of cells, some of them closed; a cell is its row times the side plus its column.
struct Grid {
    side: u32,
    open: Vec<bool>,
}

impl Grid {
    /// A connected maze of `count` open cells: random open cells open a neighbour until there are enough.
    fn maze(side: u32, count: u32, rng: &mut SplitMix64) -> Self {
        let mut grid = Self { side, open: vec![false; (side * side) as usize] };
        let mut cells = vec![below(rng, side * side)];
        grid.open[cells[0] as usize] = true;
        while cells.len() < count as usize {
            let from = cells[below(rng, cells.len() as u32) as usize];
            if let Some(to) = grid.neighbour(from, below(rng, 4) as usize)
                && !grid.open[to as usize]
            {
                grid.open[to as usize] = true;
                cells.push(to);
            }
        }
        grid
    }

    /// The cell one step away, open or not, unless the square ends there.
    fn neighbour(&self, cell: u32, direction: usize) -> Option<u32> {
        let (dx, dy, _) = STEPS[direction];
        let x = (cell % self.side).checked_add_signed(dx).filter(|&x| x < self.side)?;
        let y = (cell / self.side).checked_add_signed(dy).filter(|&y| y < self.side)?;
        Some(y * self.side + x)
    }

    /// The open cell one step away.
    fn step(&self, cell: u32, direction: usize) -> Option<u32> {
        self.neighbour(cell, direction).filter(|&to| self.open[to as usize])
    }

    /// The open cells, ascending.
    fn cells(&self) -> Vec<u32> {
        (0..self.side * self.side).filter(|&cell| self.open[cell as usize]).collect()
    }

    fn name(&self, cell: u32) -> String {
        format!("c{}-{}", cell % self.side, cell / self.side)
    }

    /// Declares the open cells and which of them are neighbours, by their direction if `directed`.
    fn declare(&self, directed: bool, draft: &mut Draft) {
        for cell in self.cells() {
            draft.object(format_args!("{}", self.name(cell)));
        }
        draft.kind("cell");
        for from in self.cells() {
            for (direction, (_, _, name)) in STEPS.iter().enumerate() {
                let Some(to) = self.step(from, direction) else { continue };
                let (from, to) = (self.name(from), self.name(to));
                if directed {
                    draft.init(format_args!("(next {from} {to} {name})"));
                } else {
                    draft.init(format_args!("(beside {from} {to})"));
                }
            }
        }
    }
}

/// Solvable: the gap is last at the start and in the goal, and the permutation of the tiles is even.
pub(super) fn tiles(side: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let grid = Grid { side, open: vec![true; (side * side) as usize] };
    let count = side * side - 1;
    draft.object(format_args!("t1"));
    for tile in 2..=count {
        draft.object(format_args!("t{tile}"));
    }
    draft.kind("tile");
    grid.declare(false, draft);

    let sorted: Vec<u32> = (1..=count).collect();
    let mut order = sorted.clone();
    while order == sorted {
        shuffle(rng, &mut order);
        let inversions = (0..order.len()).flat_map(|at| order[at..].iter().map(move |it| (at, it)));
        if inversions.filter(|&(at, &it)| order[at] > it).count() % 2 == 1 {
            order.swap(0, 1);
        }
    }
    for (cell, tile) in (0..).zip(order) {
        draft.init(format_args!("(at t{tile} {})", grid.name(cell)));
        draft.goal(format_args!("(at t{} {})", cell + 1, grid.name(cell)));
    }
    draft.init(format_args!("(gap {})", grid.name(count)));
}

/// Solvable: the maze is connected, and every step can be taken back.
pub(super) fn visit_all(side: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let grid = Grid::maze(side, side * side - side * side / 5, rng);
    grid.declare(false, draft);
    let cells = grid.cells();
    let start = grid.name(cells[below(rng, cells.len() as u32) as usize]);
    draft.init(format_args!("(at {start}) (visited {start})"));
    for cell in cells {
        draft.goal(format_args!("(visited {})", grid.name(cell)));
    }
}

/// Solvable: the crates begin on their goals and are pulled away at random; the plan pushes them back.
pub(super) fn sokoban(side: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    let grid = Grid::maze(side, side * side - side * side / 5, rng);
    for (_, _, name) in STEPS {
        draft.object(format_args!("{name}"));
    }
    draft.kind("direction");
    grid.declare(true, draft);

    let (goals, crates, worker) = loop {
        let mut cells = grid.cells();
        shuffle(rng, &mut cells);
        let mut worker = cells[0];
        let mut goals = cells[1..=(side / 2) as usize].to_vec();
        let mut crates = goals.clone();
        for _ in 0..40 * side * side {
            let direction = below(rng, 4) as usize;
            let Some(to) = grid.step(worker, direction).filter(|to| !crates.contains(to)) else { continue };
            let behind = grid.step(worker, (direction + 2) % 4);
            if let Some(pulled) = crates.iter_mut().find(|it| Some(**it) == behind)
                && below(rng, 2) == 0
            {
                *pulled = worker;
            }
            worker = to;
        }
        goals.sort_unstable();
        crates.sort_unstable();
        if crates != goals {
            break (goals, crates, worker);
        }
    };
    for cell in grid.cells() {
        let name = grid.name(cell);
        if cell == worker {
            draft.init(format_args!("(worker-at {name})"));
        } else if crates.contains(&cell) {
            draft.init(format_args!("(crate-at {name})"));
        } else {
            draft.init(format_args!("(free {name})"));
        }
    }
    for goal in goals {
        draft.goal(format_args!("(crate-at {})", grid.name(goal)));
    }
}
