//! The look of the pages: the style, and the parts that the site adds to every page.

use maud::{Markup, html};

use super::{Colour, Site, address};
use crate::{
    error::ConfigError,
    language::{Accepted, Written},
    page::{STYLE, texts::SiteWords},
};

/// The backgrounds of the pages in `style.css`, light and dark.
const PAPER: [Colour; 2] = [Colour::WHITE, Colour::DARK_PAPER];
/// The least contrast of the edge of a button (WCAG 2.2, 1.4.11).
const LEAST_EDGE: f64 = 3.0;

/// The checked site, and what it changes on the pages.
#[derive(Debug)]
pub(crate) struct Look {
    site: Option<Site>,
    /// The style of all pages. The hash of the policy is made of it.
    pub(in crate::page) style: String,
}

impl Look {
    /// Checks the site.
    ///
    /// # Errors
    ///
    /// The part that is malformed.
    pub(crate) fn new(site: Option<Site>) -> Result<Self, ConfigError> {
        let mut style = STYLE.to_owned();
        if let Some(site) = &site {
            site.check()?;
            let accent = site.accent.as_deref();
            style.push_str(&accent.map_or(Ok(String::new()), accented)?);
        }
        Ok(Self { site, style })
    }

    /// The sources of images, for the policy: this origin, the page itself, and others.
    pub(in crate::page) fn images(&self) -> String {
        let mut sources = "'self'".to_owned();
        let Some(site) = &self.site else {
            return sources;
        };
        for image in [&site.logo, &site.icon].into_iter().flatten() {
            let source = match address::is_inside(image) {
                true => Some("data:".to_owned()),
                false => address::origin(image),
            };
            let is_new = |source: &String| !sources.split(' ').any(|known| known == source);
            if let Some(source) = source.filter(is_new) {
                sources.push(' ');
                sources.push_str(&source);
            }
        }
        sources
    }

    /// Whether the pages show the name of the site.
    pub(crate) fn has_site(&self) -> bool {
        self.site.is_some()
    }

    /// The name of the site on a page in a language.
    pub(crate) fn name(&self, page: &str) -> Option<Written<'_>> {
        let site = self.site.as_ref()?;
        Some(site.name.written(&Accepted::only(page)))
    }

    /// The address of the icon of the tab.
    pub(in crate::page) fn icon(&self) -> Option<&str> {
        self.site.as_ref().and_then(|site| site.icon.as_deref())
    }

    /// The name or the logo, at the top of a page.
    pub(in crate::page) fn header(&self, page: &str) -> Markup {
        let Some((site, name)) = self.site.as_ref().zip(self.name(page)) else {
            return html! {};
        };
        let lang = name.lang(page);
        html! {
            header lang=[lang] dir=[lang.and(Some("auto"))] {
                @if let Some(logo) = &site.logo {
                    img src=(logo) alt=(name.text) height="40";
                } @else {
                    (name.text)
                }
            }
        }
    }

    /// The links to the terms, the privacy policy and the help, at the bottom of a page. They open
    /// beside the page, so that the user comes back to it.
    pub(in crate::page) fn footer(&self, words: SiteWords) -> Markup {
        let site = self.site.as_ref();
        let terms = site.and_then(|site| Some((words.terms, site.terms.as_deref()?)));
        let privacy = site.and_then(|site| Some((words.privacy, site.privacy.as_deref()?)));
        let help = site.and_then(|site| Some((words.help, site.help.as_deref()?)));
        let links: Vec<_> = [terms, privacy, help].into_iter().flatten().collect();
        html! {
            @if !links.is_empty() {
                footer {
                    @for (name, link) in links {
                        a href=(link) target="_blank" rel="noopener" { (name) }
                    }
                }
            }
        }
    }
}

/// The rules for an accent colour. The focus ring stays visible on both backgrounds, because it has
/// the colour of the text. A button that is hard to see gets an edge.
fn accented(accent: &str) -> Result<String, ConfigError> {
    let Some(colour) = Colour::parse(accent) else {
        let problem = format!("the accent {accent:?} is no colour");
        let remedy = "give it as #rrggbb, such as #1f4fd8";
        return Err(ConfigError::new("site", problem, remedy));
    };
    // One of the two has at least 4.58 : 1 on any colour, which is more than AA asks for.
    let on = match colour.contrast(Colour::WHITE) >= colour.contrast(Colour::BLACK) {
        true => "#fff",
        false => "#000",
    };
    let is_seen = PAPER
        .iter()
        .all(|paper| colour.contrast(*paper) >= LEAST_EDGE);
    let edge = if is_seen { accent } else { "var(--edge)" };
    Ok(format!(
        ":root{{--act:{accent};--on:{on};--ring:var(--ink);--rim:{edge}}}"
    ))
}
