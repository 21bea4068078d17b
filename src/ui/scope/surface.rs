//! A canvas that is as sharp as the screen.

use leptos::prelude::{GetUntracked, NodeRef, window};
use leptos::tachys::html::element::Canvas;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::signals::Canvases;

/// A canvas in the document, its size and its context. Coordinates are CSS pixels.
pub struct Surface {
    /// Where to draw.
    pub context: CanvasRenderingContext2d,
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Device pixels of a CSS pixel.
    pub ratio: f64,
}

impl Surface {
    /// The canvas of `node` at `size`, cleared; `None` where it is not shown.
    pub fn open(node: NodeRef<Canvas>, (width, height): (f64, f64)) -> Option<Self> {
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let canvas: HtmlCanvasElement = node.get_untracked()?;
        let ratio = device_ratio();
        let (wide, high) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if canvas.width() != wide {
            canvas.set_width(wide);
        }
        if canvas.height() != high {
            canvas.set_height(high);
        }
        let context = context_of(&canvas)?;
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, width, height);
        Some(Self { context, width, height, ratio })
    }

    /// A horizontal hairline.
    pub fn row(&self, x0: f64, x1: f64, y: f64) {
        self.context.fill_rect(x0, y.floor(), x1 - x0, 1.0);
    }

    /// Text at a baseline.
    pub fn text(&self, text: &str, x: f64, y: f64) {
        // It fails only for arguments that are not finite numbers.
        let _ = self.context.fill_text(text, x, y);
    }

    /// Width of text in the current font.
    pub fn measure(&self, text: &str) -> f64 {
        self.context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }

    /// A dash pattern; empty for a solid line.
    pub fn dash(&self, pattern: &[f64]) {
        let list: js_sys::Array =
            pattern.iter().map(|&length| wasm_bindgen::JsValue::from_f64(length)).collect();
        let _ = self.context.set_line_dash(&list);
    }
}

/// The context of a canvas.
pub fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Device pixels of a CSS pixel, within reason.
pub fn device_ratio() -> f64 {
    window().device_pixel_ratio().clamp(1.0, 3.0)
}

/// The sizes of the canvases in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sizes {
    pub tree: (f64, f64),
    pub overview: (f64, f64),
    pub ramp: (f64, f64),
    pub track: (f64, f64),
    pub strips: (f64, f64),
}

impl Sizes {
    /// Measures them.
    pub fn of(canvases: &Canvases) -> Self {
        Self {
            tree: size_of(canvases.tree),
            overview: size_of(canvases.overview),
            ramp: size_of(canvases.ramp),
            track: size_of(canvases.track),
            strips: size_of(canvases.strips),
        }
    }
}

/// The size of a canvas' box in CSS pixels; zero where it is not shown.
fn size_of(node: NodeRef<Canvas>) -> (f64, f64) {
    let size =
        |canvas: HtmlCanvasElement| (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    node.get_untracked().map_or((0.0, 0.0), size)
}
