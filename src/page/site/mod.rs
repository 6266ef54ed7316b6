//! The setting [`Site`]: the name and the look of the application on the pages of the layer.

use crate::{error::ConfigError, language::Text};

pub(crate) use look::Look;

mod address;
mod colour;
mod look;

pub(in crate::page) use colour::Colour;

/// The application on the pages of the layer: its name, logo and colour, and the links to its terms
/// and to its help.
///
/// The name or the logo stands at the top of every page, and the links at its bottom. They show
/// users which application they sign in to. Without [`Builder::site`], the pages have no name, no
/// logo and no links.
///
/// The pages load nothing from elsewhere, except a logo or an icon with an address at another
/// origin. Their `Content-Security-Policy` then permits images of that origin.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, Site, Text};
///
/// let site = Site::new(Text::en("Moon Shop").ko("달상점"))
///     .logo("/assets/logo.svg")
///     .accent("#5b2be0")
///     .terms("/terms")
///     .privacy("/privacy");
/// let builder = OAuthLayer::builder().site(site).public(["/assets/{*rest}", "/terms", "/privacy"]);
/// ```
///
/// [`Builder::site`]: crate::Builder::site
#[derive(Clone, Debug)]
#[must_use]
pub struct Site {
    name: Text,
    logo: Option<String>,
    accent: Option<String>,
    icon: Option<String>,
    terms: Option<String>,
    privacy: Option<String>,
    help: Option<String>,
}

impl Site {
    /// A site with a name, as a [`Text`] in one or more languages.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop");
    /// ```
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            logo: None,
            accent: None,
            icon: None,
            terms: None,
            privacy: None,
            help: None,
        }
    }

    /// The logo, which is shown in place of the name, 40 px high. Default: none.
    ///
    /// It is a path of this origin, an `https` address, or a `data:image/` address of at most 4,096
    /// bytes. A path must be [public](crate::Builder::public), because the user is not signed in
    /// yet. Screen readers read the name.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").logo("/assets/logo.svg");
    /// ```
    pub fn logo(mut self, address: impl Into<String>) -> Self {
        self.logo = Some(address.into());
        self
    }

    /// The colour of the main button, as `#rgb` or `#rrggbb`. Default: a blue that differs on light
    /// and dark pages. The text of the button is black or white, whichever is easier to read.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").accent("#5b2be0");
    /// ```
    pub fn accent(mut self, colour: impl Into<String>) -> Self {
        self.accent = Some(colour.into());
        self
    }

    /// The icon of the browser's tab, with the same rules as the [`logo`](Self::logo). Default:
    /// `/favicon.ico` of this origin, which is public.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").icon("/assets/icon.svg");
    /// ```
    pub fn icon(mut self, address: impl Into<String>) -> Self {
        self.icon = Some(address.into());
        self
    }

    /// The terms of use (이용약관), as a path of this origin or an `https` address. Default: no link.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").terms("/terms");
    /// ```
    pub fn terms(mut self, address: impl Into<String>) -> Self {
        self.terms = Some(address.into());
        self
    }

    /// The privacy policy (개인정보처리방침), as a path of this origin or an `https` address. Default:
    /// no link.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").privacy("https://example.com/privacy");
    /// ```
    pub fn privacy(mut self, address: impl Into<String>) -> Self {
        self.privacy = Some(address.into());
        self
    }

    /// The page where users get help (고객센터), as a path of this origin or an `https` address. Some
    /// refusals ask the user to tell the operator their reference. Default: no link.
    ///
    /// ```
    /// let site = tower_phone_auth::Site::new("Moon Shop").help("/help");
    /// ```
    pub fn help(mut self, address: impl Into<String>) -> Self {
        self.help = Some(address.into());
        self
    }

    /// The name, which is also the default of the phone step's messages.
    pub(crate) fn name(&self) -> &Text {
        &self.name
    }

    /// Checks all parts. The errors name the part.
    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |problem: &str, remedy| Err(ConfigError::new("site", problem, remedy));
        if let Some(tag) = self.name.malformed_tag() {
            let problem = format!("the name has {tag:?}, which is no language tag");
            return wrong(
                &problem,
                "write a tag of BCP 47, such as \"ja\" or \"zh-Hant\"",
            );
        }
        if self.name.versions().any(|one| one.text.trim().is_empty()) {
            return wrong("the name is empty", "give the name that users know");
        }
        for (part, image) in [("logo", &self.logo), ("icon", &self.icon)] {
            image
                .as_deref()
                .map_or(Ok(()), |image| address::image(part, image))?;
        }
        let pages = [
            ("terms", &self.terms),
            ("privacy", &self.privacy),
            ("help", &self.help),
        ];
        for (part, page) in pages {
            page.as_deref()
                .map_or(Ok(()), |page| address::page(part, page))?;
        }
        Ok(())
    }
}
