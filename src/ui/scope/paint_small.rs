//! Paints the overview strip and the legend's ramp.

use super::canvas_theme::{CanvasTheme, css};
use super::surface::Surface;
use crate::view::ledger::Shape;
use crate::view::palette::BINS;
use crate::view::scene::{Place, Scene};

/// The whole tree, small.
pub fn overview(surface: &Surface, scene: &Scene, theme: &CanvasTheme, path: &[Place], is_plan: bool) {
    let context = &surface.context;
    context.set_stroke_style_str(&theme.tree);
    context.set_line_width(0.5);
    context.begin_path();
    for line in scene.edges.iter().chain(&scene.whiskers) {
        context.move_to(line.x0, line.y0);
        context.line_to(line.x1, line.y1);
    }
    context.stroke();
    let mut tint = None;
    for glyph in scene.glyphs.iter().filter(|glyph| glyph.shape != Shape::Duplicate) {
        if tint != Some(glyph.tint) {
            context.set_fill_style_str(&theme.tint(glyph.tint));
            tint = Some(glyph.tint);
        }
        context.fill_rect(glyph.x - 1.0, glyph.y - 1.0, 2.0, 2.0);
    }
    if is_plan {
        context.set_stroke_style_str(&theme.accent);
        context.set_line_width(1.2);
        context.begin_path();
        for pair in path.windows(2) {
            context.move_to(pair[0].x, pair[0].y);
            context.line_to(pair[1].x, pair[1].y);
        }
        context.stroke();
    }
}

/// The ramp, and over it how many nodes have each value.
pub fn ramp(surface: &Surface, theme: &CanvasTheme, bins: &[u32; BINS]) {
    let context = &surface.context;
    let most = f64::from(bins.iter().copied().max().unwrap_or(0).max(1));
    let step = surface.width / BINS as f64;
    let base = surface.height - 6.0;
    for (index, &bin) in bins.iter().enumerate() {
        let x = index as f64 * step;
        context.set_fill_style_str(&css(theme.ramp.at(index as f64 / (BINS - 1) as f64)));
        if bin > 0 {
            let high = 1.0 + (f64::from(bin) / most).sqrt() * (base - 3.0);
            context.fill_rect(x, base - high, step - 0.8, high);
        }
        context.fill_rect(x, base + 2.0, step + 0.5, 4.0);
    }
}
