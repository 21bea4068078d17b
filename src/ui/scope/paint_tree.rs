//! Paints the tree: ruler, edges, marked path, marks, names, and the selection.

use super::canvas_theme::CanvasTheme;
use super::sprites::Sprites;
use super::surface::Surface;
use crate::view::chart::label_step;
use crate::view::scene::{FOLD_LABEL_HIGH, Place, Scene, comb_back, sharp};
use crate::view::viewport::{INSET_LEFT, Viewport};

/// Where the ruler ends and the tree begins.
const RULER: f64 = 30.0;
/// Canvases narrower than this name no operators.
const NAMES_FROM: f64 = 420.0;

/// What is written on the tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// The marked path, as far as it is in or near sight.
    pub path: Vec<Place>,
    /// Whether the path is the plan, and not the best so far.
    pub is_plan: bool,
    /// Operators along the plan.
    pub names: Vec<(Place, String)>,
    /// The selected node: where it is, its operator, and its figures.
    pub selected: Option<(Place, String, String)>,
}

/// Paints a scene.
pub fn paint(surface: &Surface, scene: &Scene, theme: &CanvasTheme, sprites: &Sprites, notes: &Notes) {
    let context = &surface.context;
    ruler(surface, &scene.view, theme);
    context.save();
    context.begin_path();
    context.rect(RULER, 0.0, surface.width, surface.height);
    context.clip();
    edges(surface, scene, theme);
    path(surface, theme, notes);
    for glyph in &scene.glyphs {
        sprites.stamp(context, glyph);
    }
    folds(surface, scene, theme);
    if surface.width > NAMES_FROM {
        names(surface, scene, theme, notes);
    }
    if let Some((place, name, figures)) = &notes.selected {
        selection(surface, theme, *place, name, figures);
    }
    context.restore();
}

fn ruler(surface: &Surface, view: &Viewport, theme: &CanvasTheme) {
    let context = &surface.context;
    let step = label_step(view.level, 30.0);
    let first = (view.level_at(0.0).max(0.0) / f64::from(step)).floor() as u32;
    context.set_font(&theme.caption(400));
    context.set_text_baseline("middle");
    context.set_text_align("right");
    for level in (first..).map(|n| n.saturating_mul(step)) {
        let y = sharp(view.y(f64::from(level)));
        if y > surface.height || level == u32::MAX {
            break;
        }
        context.set_fill_style_str(&theme.grid);
        surface.row(RULER, surface.width, y);
        if y > 6.0 && y < surface.height - 22.0 {
            context.set_fill_style_str(&theme.text_3);
            surface.text(&short(level), INSET_LEFT - 14.0, y);
        }
    }
    context.set_fill_style_str(&theme.text_3);
    surface.text("depth", INSET_LEFT - 7.0, surface.height - 11.0);
    context.set_text_align("left");
}

/// A level that fits beside the tree: 12000 as 12k.
fn short(level: u32) -> String {
    match level {
        0..10_000 => level.to_string(),
        10_000..1_000_000 if level.is_multiple_of(1_000) => format!("{}k", level / 1_000),
        _ => format!("{:.1}M", f64::from(level) / 1e6),
    }
}

fn edges(surface: &Surface, scene: &Scene, theme: &CanvasTheme) {
    let context = &surface.context;
    context.set_fill_style_str(&theme.hair);
    for line in &scene.whiskers {
        context.fill_rect(line.x0 - 0.5, line.y0, 1.0, line.y1 - line.y0);
    }
    context.set_fill_style_str(&theme.tree);
    for line in &scene.edges {
        let (x, y) = (line.x0.min(line.x1), line.y0.min(line.y1));
        let (wide, high) = ((line.x1 - line.x0).abs(), (line.y1 - line.y0).abs());
        if wide > high {
            context.fill_rect(x - 0.5, y - 0.5, wide + 1.0, 1.0);
        } else {
            context.fill_rect(x - 0.5, y, 1.0, high);
        }
    }
}

/// The plan as a solid line, the best so far as the same line dotted.
fn path(surface: &Surface, theme: &CanvasTheme, notes: &Notes) {
    let context = &surface.context;
    context.set_stroke_style_str(&theme.accent);
    context.set_line_width(2.0);
    context.set_line_join("round");
    if !notes.is_plan {
        surface.dash(&[3.0, 3.0]);
    }
    context.begin_path();
    let clamp = |x: f64| x.clamp(-50.0, surface.width + 50.0);
    for pair in notes.path.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (x0, x1) = (clamp(from.x), clamp(to.x));
        let back = comb_back(from.y, to.y);
        context.move_to(x0, from.y);
        context.line_to(x0, back);
        context.line_to(x1, back);
        context.line_to(x1, to.y);
    }
    context.stroke();
    surface.dash(&[]);
}

/// How many states the largest folds hold, under them, where the row is free.
fn folds(surface: &Surface, scene: &Scene, theme: &CanvasTheme) {
    let context = &surface.context;
    context.set_font(&theme.caption(400));
    context.set_text_baseline("top");
    context.set_text_align("center");
    for label in scene.fold_labels() {
        context.set_fill_style_str(&theme.well);
        context.fill_rect(label.x - label.width / 2.0, label.y, label.width, FOLD_LABEL_HIGH);
        context.set_fill_style_str(&theme.text_2);
        surface.text(&label.text, label.x, label.y + 1.0);
    }
    context.set_text_align("left");
}

/// Names operators right of the path's nodes, where the row is free.
fn names(surface: &Surface, scene: &Scene, theme: &CanvasTheme, notes: &Notes) {
    let context = &surface.context;
    context.set_font(&theme.code(400));
    context.set_text_baseline("middle");
    let selected = notes.selected.as_ref().map(|(place, ..)| place.node);
    for (place, name) in &notes.names {
        let start = place.x + 8.0;
        let end = start + surface.measure(name);
        let taken = scene.row(place.y).any(|x| (x - place.x).abs() > 1.0 && x > start - 6.0 && x < end + 4.0);
        if taken || end > surface.width - 8.0 || selected == Some(place.node) || place.y > surface.height {
            continue;
        }
        context.set_fill_style_str(&theme.well);
        context.fill_rect(start - 2.0, place.y - 7.0, end - start + 4.0, 14.0);
        context.set_fill_style_str(&theme.text_2);
        surface.text(name, start, place.y + 0.5);
    }
}

/// Hairs to both rulers, a ring, and one line of text that never covers the node.
fn selection(surface: &Surface, theme: &CanvasTheme, place: Place, name: &str, figures: &str) {
    let context = &surface.context;
    let (x, y) = (place.x, sharp(place.y));
    context.set_fill_style_str(&theme.accent);
    context.set_global_alpha(0.55);
    context.fill_rect(RULER, y - 0.5, (x - 8.0 - RULER).max(0.0), 1.0);
    context.fill_rect(x - 0.5, 0.0, 1.0, (y - 8.0).max(0.0));
    context.set_global_alpha(1.0);
    let inside = x > 0.0 && x < surface.width && y > 0.0 && y < surface.height;
    if !inside {
        return;
    }
    context.set_stroke_style_str(&theme.accent);
    context.set_line_width(1.6);
    context.begin_path();
    if context.arc(x, y, 7.0, 0.0, std::f64::consts::TAU).is_ok() {
        context.stroke();
    }
    label(surface, theme, (x, y), name, figures);
}

fn label(surface: &Surface, theme: &CanvasTheme, at: (f64, f64), name: &str, figures: &str) {
    let context = &surface.context;
    context.set_font(&theme.code(600));
    context.set_text_baseline("middle");
    let name_width = surface.measure(name);
    context.set_font(&theme.code(400));
    let gap = surface.measure("  ");
    let width = (name_width + gap + surface.measure(figures) + 14.0).round();
    let (left, top) = label_place(surface, at, width);
    context.set_fill_style_str(&theme.body);
    context.fill_rect(left, top, width, 20.0);
    context.set_stroke_style_str(&theme.accent);
    context.set_line_width(1.0);
    context.stroke_rect(left + 0.5, top + 0.5, width - 1.0, 19.0);
    context.set_fill_style_str(&theme.text_2);
    surface.text(figures, left + 7.0 + name_width + gap, top + 10.5);
    context.set_font(&theme.code(600));
    context.set_fill_style_str(&theme.text);
    surface.text(name, left + 7.0, top + 10.5);
}

/// Right of the node, else left of it, else above or below it.
fn label_place(surface: &Surface, (x, y): (f64, f64), width: f64) -> (f64, f64) {
    let beside = (y - 10.0).clamp(1.0, (surface.height - 21.0).max(1.0)).round();
    if x + 13.0 + width + 4.0 <= surface.width {
        return ((x + 13.0).round(), beside);
    }
    if x - 13.0 - width >= RULER + 2.0 {
        return ((x - 13.0 - width).round(), beside);
    }
    let left = (x - width / 2.0).clamp(RULER + 2.0, (surface.width - width - 4.0).max(RULER + 2.0));
    let top = if y > 40.0 { y - 34.0 } else { y + 14.0 };
    (left.round(), top.round())
}
