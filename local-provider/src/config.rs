//! The configuration file of the program, in TOML.

use std::{
    collections::BTreeSet,
    error::Error,
    fmt,
    net::{Ipv4Addr, SocketAddr},
};

use serde::Deserialize;
use url::Url;

use crate::{
    person::Person,
    settings::{
        Settings, google::GoogleSettings, naver::NaverSettings, oidc::OidcSettings,
        sms::SmsSettings,
    },
};

/// The address, the settings and the persons of a provider, as a TOML file has them.
///
/// The README of this crate lists the settings of the file.
///
/// ```
/// use tower_phone_auth_local_provider::Config;
///
/// let config = Config::from_toml(
///     r#"
///     listen = "127.0.0.1:9400"
///
///     [application]
///     client_id = "my-application"
///
///     [[person]]
///     id = 42
///     nickname = "Sora"
///     phone = "+82 10-9876-5432"
///     "#,
/// )?;
/// assert_eq!(config.settings.client_id, "my-application");
/// assert_eq!(config.people.len(), 1);
///
/// let error = Config::from_toml("[oidc]\nalgorithm = 256").unwrap_err();
/// assert!(error.to_string().starts_with("oidc.algorithm (line 2): "));
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The address to listen on, on loopback. Default: `127.0.0.1:9400`. Port 0 is any free port,
    /// which [`LocalProvider::origin`](crate::LocalProvider::origin) then shows.
    pub listen: SocketAddr,
    /// The registration of the application, and the choices of each dialect. Default: see
    /// [`Settings`].
    pub settings: Settings,
    /// The persons on the page, in this order. Default: the five that [`Person`] names. A file with
    /// persons of its own has none of those.
    pub people: Vec<Person>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 9400).into(),
            settings: Settings::default(),
            people: Person::defaults(),
        }
    }
}

impl Config {
    /// Reads a TOML file's text. Settings that it leaves out have their defaults.
    ///
    /// # Errors
    ///
    /// If the text is not TOML, or a setting is unknown or has a wrong value. The error names the
    /// setting, its line and the remedy.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let document = toml::Deserializer::parse(text)
            .map_err(|error| ConfigError::of_toml("the file", &error, text))?;
        let file: File = serde_path_to_error::deserialize(document).map_err(|error| {
            let setting = error.path().to_string();
            ConfigError::of_toml(&setting, error.inner(), text)
        })?;
        file.checked()
    }
}

/// The layout of the file. It differs from [`Config`] in its sections, which suit a reader of the
/// file.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: SocketAddr,
    application: Settings,
    naver: NaverSettings,
    google: GoogleSettings,
    oidc: OidcSettings,
    sms: SmsSettings,
    person: Vec<Entry>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            listen: Config::default().listen,
            application: Settings::default(),
            naver: NaverSettings::default(),
            google: GoogleSettings::default(),
            oidc: OidcSettings::default(),
            sms: SmsSettings::default(),
            person: Vec::new(),
        }
    }
}

impl File {
    /// Checks what the types of the fields do not, and gives the configuration.
    fn checked(self) -> Result<Config, ConfigError> {
        let settings = Settings {
            naver: self.naver,
            google: self.google,
            oidc: self.oidc,
            sms: self.sms,
            ..self.application
        };
        if settings.client_id.is_empty() {
            let remedy = "give the client id that the application sends";
            return Err(ConfigError::new(
                "application.client_id",
                "is empty",
                remedy,
            ));
        }
        if let Some(wrong) = settings
            .redirect_uris
            .iter()
            .find(|uri| Url::parse(uri).is_err())
        {
            let problem = format!("{wrong:?} is not an absolute URL");
            let remedy =
                "give the whole address, such as http://127.0.0.1:3000/auth/callback/kakao";
            return Err(ConfigError::new(
                "application.redirect_uris",
                problem,
                remedy,
            ));
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = self.person.iter().find(|person| !ids.insert(person.id)) {
            let problem = format!("{} stands there twice", twice.id);
            let remedy = "give each person an id of its own";
            return Err(ConfigError::new("person.id", problem, remedy));
        }
        let people = match self.person.is_empty() {
            true => Person::defaults(),
            false => self.person.into_iter().map(Person::from).collect(),
        };
        Ok(Config {
            listen: self.listen,
            settings,
            people,
        })
    }
}

/// One `[[person]]` of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: u64,
    nickname: String,
    name: Option<String>,
    email: Option<String>,
    #[serde(default = "yes")]
    email_verified: bool,
    phone: Option<String>,
    #[serde(default)]
    preregistered: bool,
    #[serde(default)]
    agrees_to_phone: bool,
}

/// The default of `email_verified`.
fn yes() -> bool {
    true
}

impl From<Entry> for Person {
    fn from(entry: Entry) -> Self {
        let mut person = Self::new(entry.id, entry.nickname);
        if let Some(name) = entry.name {
            person = person.name(name);
        }
        if let Some(email) = entry.email {
            person = person.email(email, true, entry.email_verified);
        }
        if let Some(phone) = entry.phone {
            person = person.phone(phone);
        }
        if entry.preregistered {
            person = person.preregistered();
        }
        match entry.agrees_to_phone {
            true => person.agrees_to_phone(),
            false => person,
        }
    }
}

/// A setting of a file that cannot work.
///
/// `Display` is one line, with the setting, the problem and the remedy.
///
/// ```
/// use tower_phone_auth_local_provider::Config;
///
/// let error = Config::from_toml("[oidc]\npar = \"sometimes\"").unwrap_err();
/// assert_eq!(error.setting(), "oidc.par (line 2)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    setting: String,
    problem: String,
    remedy: &'static str,
}

impl ConfigError {
    /// The error of a setting.
    fn new(setting: &str, problem: impl Into<String>, remedy: &'static str) -> Self {
        Self {
            setting: setting.to_owned(),
            problem: problem.into(),
            remedy,
        }
    }

    /// The error of the TOML parser, with the line that it names.
    fn of_toml(setting: &str, error: &toml::de::Error, text: &str) -> Self {
        let line = error.span().map(|span| {
            let before = text.get(..span.start).unwrap_or(text);
            before.matches('\n').count() + 1
        });
        let setting = match line {
            Some(line) => format!("{setting} (line {line})"),
            None => setting.to_owned(),
        };
        let problem = error.message().replace('\n', " ");
        Self::new(&setting, problem, "see the settings in README.md")
    }

    /// The setting with its section, such as `oidc.algorithm`, and its line if that is known.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            problem,
            remedy,
        } = self;
        write!(f, "{setting}: {problem}; {remedy}")
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ConfigError {}
