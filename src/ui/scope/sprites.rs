//! Every mark in every tint, drawn once per theme: a redraw then copies small images, which is
//! several times faster than filling as many paths.

use std::f64::consts::TAU;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::canvas_theme::CanvasTheme;
use super::surface::context_of;
use crate::view::ledger::Shape;
use crate::view::palette::NO_VALUE;
use crate::view::scene::Glyph;

/// Side of a mark's cell in CSS pixels; its centre is at 8.5.
const CELL: f64 = 17.0;
/// Where in the cell the centre is.
const CENTRE: f64 = 8.5;
/// Sizes of folds: up to 8 nodes, up to 200, and more.
const FOLDS: u32 = 3;
/// Rows of the sheet: the six other shapes, then the folds.
const ROWS: u32 = 6 + FOLDS;

/// The sheet.
pub struct Sprites {
    sheet: HtmlCanvasElement,
    ratio: f64,
}

impl Sprites {
    /// Draws the sheet for a theme and a screen.
    pub fn new(theme: &CanvasTheme, ratio: f64) -> Option<Self> {
        let sheet: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let columns = f64::from(NO_VALUE) + 1.0;
        sheet.set_width((columns * CELL * ratio).ceil() as u32);
        sheet.set_height((f64::from(ROWS) * CELL * ratio).ceil() as u32);
        let context = context_of(&sheet)?;
        for tint in 0..=NO_VALUE {
            let colour = theme.tint(tint);
            for row in 0..ROWS {
                let (x, y) = (f64::from(tint) * CELL + CENTRE, f64::from(row) * CELL + CENTRE);
                context.set_transform(ratio, 0.0, 0.0, ratio, x * ratio, y * ratio).ok()?;
                draw(
                    &context,
                    theme,
                    row,
                    if row == row_of(Shape::Goal, 1) { &theme.accent } else { &colour },
                )?;
            }
        }
        Some(Self { sheet, ratio })
    }

    /// Whether it was made for a screen of this ratio.
    pub fn fits(&self, ratio: f64) -> bool {
        (self.ratio - ratio).abs() < 1e-6
    }

    /// Copies a mark to its place.
    pub fn stamp(&self, context: &CanvasRenderingContext2d, glyph: &Glyph) {
        let side = CELL * self.ratio;
        let column = f64::from(glyph.tint.min(NO_VALUE)) * side;
        let row = f64::from(row_of(glyph.shape, glyph.count)) * side;
        let (x, y) = (glyph.x.floor() - CENTRE + 0.5, glyph.y.round() - CENTRE + 0.5);
        let drawn = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.sheet,
            column,
            row,
            side,
            side,
            x,
            y,
            CELL,
            CELL,
        );
        debug_assert!(drawn.is_ok());
    }
}

fn row_of(shape: Shape, count: u32) -> u32 {
    match (shape, count) {
        (Shape::Fold, 0..=8) => 6,
        (Shape::Fold, 9..=200) => 7,
        (Shape::Fold, _) => 8,
        (shape, _) => shape as u32,
    }
}

/// Draws the mark of a row around the origin.
fn draw(context: &CanvasRenderingContext2d, theme: &CanvasTheme, row: u32, colour: &str) -> Option<()> {
    context.set_fill_style_str(colour);
    context.set_stroke_style_str(colour);
    context.set_line_width(1.3);
    context.begin_path();
    match row {
        0 => disc(context, 2.7)?,
        1 => ring(context, theme, colour, 2.4)?,
        2 => {
            ring(context, theme, colour, 3.9)?;
            context.begin_path();
            disc(context, 1.7)?;
        }
        3 => cross(context, 2.7),
        4 => diamond(context, 5.6),
        5 => {
            context.move_to(-2.6, 0.0);
            context.line_to(2.6, 0.0);
            context.stroke();
        }
        _ => triangle(context, theme, 2.3 + f64::from(row - 6) * 0.9),
    }
    Some(())
}

fn disc(context: &CanvasRenderingContext2d, radius: f64) -> Option<()> {
    context.arc(0.0, 0.0, radius, 0.0, TAU).ok()?;
    context.fill();
    Some(())
}

fn ring(context: &CanvasRenderingContext2d, theme: &CanvasTheme, colour: &str, radius: f64) -> Option<()> {
    context.arc(0.0, 0.0, radius, 0.0, TAU).ok()?;
    context.set_fill_style_str(&theme.well);
    context.fill();
    context.set_fill_style_str(colour);
    context.stroke();
    Some(())
}

fn cross(context: &CanvasRenderingContext2d, radius: f64) {
    context.move_to(-radius, -radius);
    context.line_to(radius, radius);
    context.move_to(radius, -radius);
    context.line_to(-radius, radius);
    context.stroke();
}

fn diamond(context: &CanvasRenderingContext2d, radius: f64) {
    context.move_to(0.0, -radius);
    context.line_to(radius, 0.0);
    context.line_to(0.0, radius);
    context.line_to(-radius, 0.0);
    context.fill();
}

fn triangle(context: &CanvasRenderingContext2d, theme: &CanvasTheme, radius: f64) {
    context.move_to(0.0, -radius - 1.0);
    context.line_to(radius + 1.4, radius + 1.0);
    context.line_to(-radius - 1.4, radius + 1.0);
    context.close_path();
    context.set_fill_style_str(&theme.well);
    context.fill();
    context.stroke();
}
