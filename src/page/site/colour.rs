//! Colours and their contrast (WCAG 2.2, "relative luminance" and "contrast ratio").

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::page) struct Colour([u8; 3]);

impl Colour {
    pub(in crate::page) const BLACK: Self = Self([0; 3]);
    pub(in crate::page) const WHITE: Self = Self([255; 3]);
    /// `--paper` of `style.css` on a dark page.
    pub(in crate::page) const DARK_PAPER: Self = Self([0x1f, 0x1f, 0x23]);

    /// Reads `#rgb` or `#rrggbb`.
    pub(in crate::page) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let digits: Vec<u8> = digits
            .chars()
            .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
            .collect::<Option<_>>()?;
        match *digits {
            [red, green, blue] => Some(Self([red * 17, green * 17, blue * 17])),
            [a, b, c, d, e, f] => Some(Self([a * 16 + b, c * 16 + d, e * 16 + f])),
            _ => None,
        }
    }

    /// The contrast to another colour, from 1 to 21.
    pub(in crate::page) fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            match value <= 0.04045 {
                true => value / 12.92,
                false => ((value + 0.055) / 1.055).powf(2.4),
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrast_is_that_of_the_standard() {
        let is = |one, other, expected: f64| {
            let [one, other] = [one, other].map(|text| Colour::parse(text).unwrap());
            let contrast = one.contrast(other);
            assert!((contrast - expected).abs() < 0.01, "{contrast}");
        };
        is("#000", "#fff", 21.0);
        is("#777777", "#ffffff", 4.48);
        is("#03a94d", "#fff", 3.09);
        is("#ABC", "#aabbcc", 1.0);
    }

    #[test]
    fn other_texts_are_no_colours() {
        for text in [
            "", "#", "red", "#ff", "#ffff", "#12345g", "#1234567", "fff", "#é",
        ] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn black_or_white_is_legible_on_every_colour() {
        for step in 0..=255 {
            let grey = Colour([step; 3]);
            let best = grey
                .contrast(Colour::BLACK)
                .max(grey.contrast(Colour::WHITE));
            assert!(best >= 4.5, "{step}: {best}");
        }
    }
}
