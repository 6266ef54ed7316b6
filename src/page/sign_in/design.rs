//! The buttons of the brands, as the guides of the providers describe them.
//!
//! The marks are drawn from the guides with simple shapes, and are no copies of the files there.
//! The values were compared with the guides in November 2026.
//!
//! | brand | guide |
//! |---|---|
//! | Kakao | <https://developers.kakao.com/docs/en/kakaologin/design-guide> |
//! | Naver | <https://developers.naver.com/docs/login/bi/bi.md> |
//! | Google | <https://developers.google.com/identity/branding-guidelines> |
//! | LINE | <https://developers.line.biz/en/docs/line-login/login-button/> |
//!
//! A symbol is 20 px high, in a box of 24 px. Naver asks for at least 16 px and for a symbol that is
//! higher than the label ("로고 적용 가이드"). Google's own button has 20 px. Its guide of 2026 has a
//! "G" with gradients, and wants no drawn copy of it. The "G" here is the flat one before it. An
//! application whose verification depends on the new one shows Google's file on a page of its own
//! ([`Builder::pages`](crate::Builder::pages)).
//!
//! A label has the contrast of WCAG 2.2, 1.4.3 (AA). Labels are bold and 19 px high, so a ratio of
//! 3 : 1 is enough for them. White on Naver's green has 3.09 : 1. White on LINE's green has only
//! 2.28 : 1, so the button has the colour that LINE's guide prescribes for a pressed button, and
//! its mark the base colour.

use std::{fmt::Write as _, sync::LazyLock};

use crate::provider::brand::Brand;

/// The radius of all buttons: Kakao's guide, "Container", prescribes 12 pixels. The other guides
/// leave it open.
const RADIUS: &str = ".75rem";

/// The colours of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colours {
    pub(super) container: &'static str,
    pub(super) border: &'static str,
    pub(super) label: &'static str,
}

/// The button of a brand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Design {
    pub(super) brand: Brand,
    /// The class of the button.
    pub(super) class: &'static str,
    pub(super) light: Colours,
    /// The colours on a dark page. `None` if the guide has no other colours for it.
    pub(super) dark: Option<Colours>,
    /// The symbol before the label, as SVG.
    pub(super) mark: &'static str,
}

/// The designs of all brands.
pub(super) static DESIGNS: [Design; 4] = [
    Design {
        brand: Brand::Kakao,
        class: "kakao",
        // "Color": container #FEE500, symbol #000000, label #000000 85 %, no other colours. "Symbol":
        // no button without the symbol.
        light: Colours {
            container: "#fee500",
            border: "#fee500",
            label: "#000000d9",
        },
        dark: None,
        mark: include_str!("kakao.svg"),
    },
    Design {
        brand: Brand::Naver,
        class: "naver",
        // "반드시 지정된 녹색": #03A94D, with a white symbol and label. The #03C75A of older editions is
        // no longer permitted. One button for both schemes.
        light: Colours {
            container: "#03a94d",
            border: "#03a94d",
            label: "#fff",
        },
        dark: None,
        mark: include_str!("naver.svg"),
    },
    Design {
        brand: Brand::Google,
        class: "google",
        // "Color", light theme: fill #FFFFFF, stroke #747775, 1 px, inside, font #1F1F1F. The "G"
        // always has its standard colours.
        light: Colours {
            container: "#fff",
            border: "#747775",
            label: "#1f1f1f",
        },
        // "Color", dark theme: fill #131314, stroke #8E918F, font #E3E3E3.
        dark: Some(Colours {
            container: "#131314",
            border: "#8e918f",
            label: "#e3e3e3",
        }),
        mark: include_str!("google.svg"),
    },
    Design {
        brand: Brand::Line,
        class: "line",
        // "Color": base #06C755, font and logo #FFFFFF, press #06C755 under 30 % of #000000, which is
        // #048B3C. See above for the reason why the pressed colour is used.
        light: Colours {
            container: "#048b3c",
            border: "#048b3c",
            label: "#fff",
        },
        dark: None,
        mark: include_str!("line.svg"),
    },
];

/// The design of a brand. `None` for a neutral button.
pub(super) fn of(brand: Brand) -> Option<&'static Design> {
    DESIGNS.iter().find(|design| design.brand == brand)
}

/// The style of the sign-in page, which stands beside the style of all pages.
pub(in crate::page) static STYLE: LazyLock<String> = LazyLock::new(|| {
    let mut style = include_str!("sign_in.css").to_owned();
    // Writing into a `String` cannot fail.
    let _ = write!(style, "li a{{border-radius:{RADIUS}}}");
    for design in &DESIGNS {
        let _ = write!(style, "\n{}", rule(design.class, design.light));
    }
    for (class, dark) in DESIGNS
        .iter()
        .filter_map(|one| Some((one.class, one.dark?)))
    {
        let rule = rule(class, dark);
        let _ = write!(style, "\n@media (prefers-color-scheme:dark){{{rule}}}");
    }
    style
});

fn rule(class: &str, colours: Colours) -> String {
    let Colours {
        container,
        border,
        label,
    } = colours;
    format!("a.{class}{{background:{container};border-color:{border};color:{label}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of a colour (WCAG 2.2), on white if it is not opaque.
    fn luminance(colour: &str, below: &str) -> f64 {
        let channels = |colour: &str| {
            let digits = colour.trim_start_matches('#');
            let digits: String = match digits.len() {
                3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
                _ => digits.to_owned(),
            };
            let values: Vec<f64> = (0..digits.len() / 2)
                .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
                .map(|value| f64::from(value) / 255.0)
                .collect();
            values
        };
        let (above, below) = (channels(colour), channels(below));
        let alpha = above.get(3).copied().unwrap_or(1.0);
        let linear = |at: usize| {
            let value = above[at] * alpha + below[at] * (1.0 - alpha);
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        };
        0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2)
    }

    fn contrast(colours: Colours) -> f64 {
        let container = luminance(colours.container, "#fff");
        let label = luminance(colours.label, colours.container);
        (container.max(label) + 0.05) / (container.min(label) + 0.05)
    }

    #[test]
    fn every_label_is_legible_on_its_button() {
        for design in &DESIGNS {
            for colours in [Some(design.light), design.dark].into_iter().flatten() {
                let contrast = contrast(colours);
                assert!(contrast >= 3.0, "{}: {contrast}", design.class);
            }
        }
        let style = &*STYLE;
        // The limit of 3 : 1 is for bold labels of at least 14 points (18.66 px).
        assert!(style.contains("font-size:1.1875rem;font-weight:700"));
    }

    #[test]
    fn the_buttons_have_the_values_of_the_guides() {
        let is = |class: &str, values: [&str; 3]| {
            let design = DESIGNS.iter().find(|one| one.class == class).unwrap();
            let Colours {
                container,
                border,
                label,
            } = design.light;
            assert_eq!([container, border, label], values, "{class}");
            assert!(STYLE.contains(&rule(class, design.light)));
        };
        is("kakao", ["#fee500", "#fee500", "#000000d9"]);
        is("naver", ["#03a94d", "#03a94d", "#fff"]);
        is("google", ["#fff", "#747775", "#1f1f1f"]);
        is("line", ["#048b3c", "#048b3c", "#fff"]);
        let dark = of(Brand::Google).and_then(|design| design.dark).unwrap();
        assert_eq!(dark.container, "#131314");
        assert!(STYLE.contains(&rule("google", dark)));
        assert!(STYLE.contains(&format!("border-radius:{RADIUS}")));
    }

    #[test]
    fn every_brand_has_its_mark_in_its_colours() {
        for (brand, colours) in [
            (Brand::Kakao, &["#000"][..]),
            (Brand::Naver, &["#fff"]),
            (Brand::Google, &["#4285f4", "#34a853", "#fbbc05", "#ea4335"]),
            (Brand::Line, &["#06c755", "#fff"]),
        ] {
            let mark = of(brand).unwrap().mark;
            for colour in colours {
                assert!(mark.contains(&format!("\"{colour}\"")), "{brand:?}: {mark}");
            }
            // Screen readers read the label alone, and the policy permits no style in markup.
            assert!(mark.starts_with("<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\""));
            assert!(!mark.contains("style="));
        }
        assert!(of(Brand::Other).is_none());
    }
}
