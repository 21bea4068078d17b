//! Paints the scrubber's track and the strips under it. Both share one axis of expansions.

use super::canvas_theme::CanvasTheme;
use super::statistics::Slices;
use super::surface::Surface;
use crate::trace::Trace;
use crate::view::chart::{Pyramid, Series, label_step};
use crate::view::format::count;
use crate::view::palette::{ColourBy, Tinter};
use crate::view::scene::sharp;

/// Height of the axis under the strips.
const AXIS: f64 = 20.0;
/// Strips.
const ROWS: f64 = 4.0;
/// The bar of the page: a longer slice holds up the tab.
const LONG_MS: f64 = 50.0;
/// A plateau is marked where it takes at least one in so many of the axis.
const PLATEAU_SHARE: u32 = 18;

/// What the track and the strips are painted from.
pub struct Time<'a> {
    pub trace: &'a Trace,
    pub series: &'a Series,
    pub slices: &'a Slices,
    /// Colours of h.
    pub tinter: Tinter,
    /// Last expansion on the axis.
    pub axis: u32,
    /// The expansion under the cursor.
    pub at: u32,
}

impl Time<'_> {
    fn x(&self, surface: &Surface, expansion: f64) -> f64 {
        (expansion - 1.0).max(0.0) / (f64::from(self.axis) - 1.0).max(1.0) * surface.width
    }

    fn expansions(&self) -> u32 {
        self.series.open.len() as u32
    }

    /// A best h in the document's terms.
    fn h(&self, h: i64) -> f64 {
        self.trace.h_value(h).unwrap_or(f64::INFINITY)
    }

    /// Where a best h stands in its strip.
    fn h_y(&self, h: i64, (top, bottom): (f64, f64)) -> f64 {
        let most = (self.tinter.domain.high * 1.04).max(f64::MIN_POSITIVE);
        bottom - self.h(h) / most * (bottom - top)
    }
}

/// The line that the thumb runs on, with a tick wherever the best h fell.
pub fn track(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme) {
    let context = &surface.context;
    let middle = sharp(surface.height / 2.0);
    let end = time.x(surface, f64::from(time.expansions()));
    context.set_fill_style_str(&theme.hair);
    surface.row(0.0, surface.width, middle);
    context.set_fill_style_str(&theme.edge);
    surface.row(0.0, end, middle);
    context.set_fill_style_str(&theme.accent);
    context.fill_rect(0.0, middle - 1.0, time.x(surface, f64::from(time.at)), 2.0);
    context.set_fill_style_str(&theme.text_2);
    let mut last = -2.0;
    for &(at, _) in time.series.descent.changes() {
        let x = time.x(surface, f64::from(at)).round().min(surface.width - 1.0);
        if x > last {
            context.fill_rect(x, middle + 5.0, 1.0, 5.0);
            last = x;
        }
    }
}

/// Best h, open list, memory and slices, one above the other.
pub fn strips(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme) {
    let context = &surface.context;
    let row = (surface.height - AXIS) / ROWS;
    plateaus(surface, time, theme, row);
    let open = |i: usize| f64::from(time.trace.open_size[i]);
    let memory = |i: usize| f64::from(time.trace.memory_kib[i]);
    area(surface, time, theme, &time.series.open, open, (row + 4.0, 2.0 * row - 4.0));
    area(surface, time, theme, &time.series.memory, memory, (2.0 * row + 4.0, 3.0 * row - 4.0));
    descent(surface, time, theme, (4.0, row - 4.0));
    slices(surface, time, theme, (3.0 * row + 4.0, 4.0 * row - 4.0));
    context.set_fill_style_str(&theme.hair);
    for index in 1..=4 {
        surface.row(0.0, surface.width, (f64::from(index) * row).round() - 1.0);
    }
    axis(surface, time, theme);
    let cursor = time.x(surface, f64::from(time.at)).round().min(surface.width - 1.0);
    context.set_fill_style_str(&theme.accent);
    context.fill_rect(cursor, 0.0, 1.0, surface.height - AXIS);
}

fn plateaus(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme, row: f64) {
    let context = &surface.context;
    let least = (time.axis / PLATEAU_SHARE).max(4);
    context.set_font(&theme.caption(400));
    context.set_text_baseline("top");
    context.set_text_align("left");
    for plateau in time.series.descent.plateaus(least) {
        let x = time.x(surface, f64::from(plateau.from));
        let width = time.x(surface, f64::from(plateau.to)) - x;
        context.set_fill_style_str(&theme.grid);
        context.fill_rect(x, 0.0, width, row);
        let text = format!("plateau {}", count(u64::from(plateau.length())));
        if surface.measure(&text) + 10.0 < width {
            context.set_fill_style_str(&theme.text_3);
            // Over the line, or under it where the line is high.
            let line = time.h_y(plateau.h, (4.0, row - 4.0));
            surface.text(&text, x + 5.0, if line > 16.0 { 3.0 } else { row - 14.0 });
        }
    }
}

/// A column as a filled step line; per pixel its least and greatest value.
fn area(
    surface: &Surface,
    time: &Time<'_>,
    theme: &CanvasTheme,
    pyramid: &Pyramid,
    value: impl Fn(usize) -> f64,
    (top, bottom): (f64, f64),
) {
    let expansions = pyramid.len();
    if expansions == 0 {
        return;
    }
    let (_, most) = pyramid.bounds(0..expansions, &value);
    let y = |value: f64| bottom - value / (most * 1.08).max(1.0) * (bottom - top);
    let width = time.x(surface, expansions as f64).max(1.0);
    let pixels = (width * surface.ratio).ceil() as usize;
    let columns = pyramid.query(0..expansions, pixels.min(4_096), &value);
    let step = width / columns.len() as f64;
    let outline = || {
        surface.context.begin_path();
        let mut last = y(value(0));
        surface.context.move_to(0.0, last);
        for (index, &(low, high)) in columns.iter().enumerate() {
            let x = (index as f64 + 0.5) * step;
            // The end nearer to the last point first, so that the line does not cross itself.
            let (near, far) =
                if (y(low) - last).abs() < (y(high) - last).abs() { (low, high) } else { (high, low) };
            surface.context.line_to(x, y(near));
            if low.to_bits() != high.to_bits() {
                surface.context.line_to(x, y(far));
            }
            last = y(far);
        }
        surface.context.line_to(width, last);
    };
    outline();
    surface.context.line_to(width, bottom + 3.5);
    surface.context.line_to(0.0, bottom + 3.5);
    surface.context.set_fill_style_str(&theme.grid);
    surface.context.fill();
    outline();
    surface.context.set_stroke_style_str(&theme.text_2);
    surface.context.set_line_width(1.2);
    surface.context.stroke();
}

/// Best h as a stair, each step in its colour.
fn descent(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme, span: (f64, f64)) {
    let context = &surface.context;
    let mut before: Option<f64> = None;
    let mut drawn = -1.0;
    for stretch in time.series.descent.stretches() {
        let end = time.x(surface, f64::from(stretch.to) + 1.0).min(surface.width);
        if end - drawn < 0.5 {
            // Of many steps within a pixel one is drawn; its riser reaches up to the step drawn before.
            continue;
        }
        let x = time.x(surface, f64::from(stretch.from));
        let y = time.h_y(stretch.h, span);
        context.set_fill_style_str(&theme.tint(time.tinter.step(time.h(stretch.h))));
        context.fill_rect(x, y - 1.0, (end - x).max(1.0), 2.0);
        if let Some(above) = before {
            context.fill_rect(x - 1.0, above.min(y) - 1.0, 2.0, (above - y).abs() + 2.0);
        }
        (before, drawn) = (Some(y), end);
    }
}

/// Slice lengths on a logarithmic axis, with the line at 50 ms.
fn slices(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme, (top, bottom): (f64, f64)) {
    let context = &surface.context;
    let y = |ms: f64| bottom - ((ms.max(0.08).log10() + 1.1) / 3.1).min(1.05) * (bottom - top);
    let mut longest = vec![0.0_f32; surface.width as usize + 1];
    for (at, ms) in time.slices.entries() {
        let pixel = time.x(surface, f64::from(at.max(1)).min(f64::from(time.axis)));
        if let Some(slot) = longest.get_mut(pixel as usize) {
            *slot = slot.max(ms);
        }
    }
    context.set_fill_style_str(&theme.text_2);
    for (x, &ms) in longest.iter().enumerate().filter(|&(_, &ms)| ms > 0.0) {
        let high = y(f64::from(ms));
        context.fill_rect(x as f64 - 0.6, high, 1.2, bottom + 3.0 - high);
    }
    context.set_fill_style_str(&theme.error);
    let line = sharp(y(LONG_MS));
    let mut x = 0.0;
    while x < surface.width - 40.0 {
        context.fill_rect(x, line.floor(), 4.0, 1.0);
        x += 7.0;
    }
    context.set_font(&theme.caption(400));
    context.set_text_align("right");
    context.set_text_baseline("middle");
    surface.text("50 ms", surface.width - 3.0, line + 0.5);
}

fn axis(surface: &Surface, time: &Time<'_>, theme: &CanvasTheme) {
    let context = &surface.context;
    context.set_font(&theme.caption(400));
    context.set_text_baseline("alphabetic");
    context.set_fill_style_str(&theme.text_3);
    let wide = surface.width > 300.0;
    let clear = if wide { surface.measure("expansion") + 12.0 } else { 0.0 };
    let step = label_step(surface.width / f64::from(time.axis.max(1)), 64.0);
    context.set_text_align("center");
    for label in (1..).map(|n: u32| n.saturating_mul(step)) {
        if label >= time.axis {
            break;
        }
        let (x, text) = (time.x(surface, f64::from(label)), count(u64::from(label)));
        let half = surface.measure(&text) / 2.0;
        if x - half < clear || x + half > surface.width {
            continue;
        }
        context.fill_rect(x.round(), surface.height - AXIS, 1.0, 3.0);
        surface.text(&text, x, surface.height - 5.0);
    }
    context.set_text_align("left");
    if wide {
        surface.text("expansion", 0.0, surface.height - 5.0);
    }
}

/// The colours of h, whatever the tree is coloured by.
pub fn h_tinter(domain: crate::view::palette::Domain) -> Tinter {
    Tinter { by: ColourBy::H, domain }
}
