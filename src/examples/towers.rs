//! Towers of blocks. Solvable: every block can be laid on the table first.

use super::draft::Draft;
use super::{SplitMix64, below, shuffle};

pub(super) fn blocksworld(blocks: u32, rng: &mut SplitMix64, draft: &mut Draft) {
    draft.objects("b", blocks, "block");
    draft.init(format_args!("(hand-empty)"));
    let start = towers(blocks, rng);
    let goal = loop {
        let goal = towers(blocks, rng);
        if goal != start {
            break goal;
        }
    };
    for (block, under) in (0..).zip(&start) {
        match under {
            Some(under) => draft.init(format_args!("(on b{block} b{under})")),
            None => draft.init(format_args!("(on-table b{block})")),
        }
        if !start.contains(&Some(block)) {
            draft.init(format_args!("(clear b{block})"));
        }
    }
    for (block, under) in (0..).zip(goal) {
        match under {
            Some(under) => draft.goal(format_args!("(on b{block} b{under})")),
            None => draft.goal(format_args!("(on-table b{block})")),
        }
    }
}

/// What each block lies on, `None` for the table: about one block in four begins a tower.
fn towers(blocks: u32, rng: &mut SplitMix64) -> Vec<Option<u32>> {
    let mut order: Vec<u32> = (0..blocks).collect();
    shuffle(rng, &mut order);
    let mut under = vec![None; order.len()];
    for pair in order.windows(2) {
        if below(rng, 4) > 0 {
            under[pair[1] as usize] = Some(pair[0]);
        }
    }
    under
}
