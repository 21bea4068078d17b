//! The colours and typefaces of the page, as canvases need them. They are read once for each change of the theme.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, HtmlElement};

use crate::view::palette::{NO_VALUE, Ramp};

/// Colours are CSS colours without alpha; families are CSS font families.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CanvasTheme {
    pub well: String,
    pub body: String,
    pub text: String,
    pub text_2: String,
    pub text_3: String,
    pub hair: String,
    pub edge: String,
    pub grid: String,
    pub tree: String,
    pub accent: String,
    pub error: String,
    pub ramp: Ramp,
    pub sans: String,
    pub mono: String,
}

impl CanvasTheme {
    /// Reads the page's style tokens as they are now. `None` where there is no document.
    pub fn read() -> Option<Self> {
        let probe: HtmlElement = document().create_element("i").ok()?.dyn_into().ok()?;
        document().body()?.append_child(&probe).ok()?;
        // Where the system forces its colours on the page, tokens are read as they are, and name those colours.
        let own = probe.style().set_property("forced-color-adjust", "none");
        debug_assert!(own.is_ok());
        let computed = window().get_computed_style(&probe).ok().flatten();
        let theme = computed.map(|computed| Self::through(&probe, &computed));
        probe.remove();
        theme
    }

    fn through(probe: &HtmlElement, computed: &CssStyleDeclaration) -> Self {
        let read = |property: &str, token: &str| {
            // Custom properties that hold light-dark() are resolved only where they are used.
            let set = probe.style().set_property(property, &format!("var(--{token})"));
            debug_assert!(set.is_ok());
            computed.get_property_value(property).unwrap_or_default()
        };
        let colour = |token: &str| read("color", token);
        let stop = |index: usize| rgb(&colour(&format!("r{index}")));
        Self {
            well: colour("well"),
            body: colour("body"),
            text: colour("ink"),
            text_2: colour("ink-2"),
            text_3: colour("ink-3"),
            hair: colour("hair"),
            edge: colour("edge"),
            grid: colour("grid"),
            tree: colour("edge-tree"),
            accent: colour("acc"),
            error: colour("err"),
            ramp: Ramp { stops: std::array::from_fn(stop) },
            sans: read("font-family", "sans"),
            mono: read("font-family", "mono"),
        }
    }

    /// The colour of a tint.
    pub fn tint(&self, tint: u8) -> String {
        if tint >= NO_VALUE {
            return self.text_3.clone();
        }
        css(self.ramp.step(tint))
    }

    /// A font of 11 pixels, the size of captions and axes.
    pub fn caption(&self, weight: u16) -> String {
        format!("{weight} 11px {}", self.sans)
    }

    /// The same in the typeface of code.
    pub fn code(&self, weight: u16) -> String {
        format!("{weight} 11px {}", self.mono)
    }
}

/// A CSS colour.
pub fn css([red, green, blue]: [u8; 3]) -> String {
    format!("rgb({red} {green} {blue})")
}

/// The channels of `rgb(1, 2, 3)`; black where it is anything else.
fn rgb(colour: &str) -> [u8; 3] {
    let mut channels = colour
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().unwrap_or(0.0).round() as u8);
    std::array::from_fn(|_| channels.next().unwrap_or(0))
}
