//! The local provider as a program. README.md has its commands and the settings of its file.

use std::{
    env, fs,
    io::{self, Write as _},
    net::SocketAddr,
    process::ExitCode,
};

use tokio::runtime::Builder;
use tower_phone_auth_local_provider::{Config, LocalProvider};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts the provider and serves until the process is ended. An error is one line with the remedy.
fn run() -> Result<(), String> {
    let Some(config) = config(env::args().skip(1))? else {
        println!("{USAGE}");
        return Ok(());
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime does not start: {error}"))?;
    runtime.block_on(async {
        let listen = config.listen;
        let provider = LocalProvider::start_with(config).await.map_err(|error| {
            format!("listen: cannot listen on {listen} ({error}); give a free 127.0.0.1:PORT")
        })?;
        print(&provider).map_err(|error| format!("standard output: {error}"))?;
        // The handle stops the provider when it is dropped, so it is held until the process is
        // ended.
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// The configuration that the arguments name. `None` if they ask for help. `--listen` wins over the
/// file, whatever their order.
fn config(mut arguments: impl Iterator<Item = String>) -> Result<Option<Config>, String> {
    let (mut config, mut listen) = (Config::default(), None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--config" => {
                let path = arguments.next();
                let path = path.ok_or("--config: has no value; give the path of a TOML file")?;
                config = read(&path)?;
            }
            "--listen" => {
                let address = arguments.next().unwrap_or_default();
                let parsed: Result<SocketAddr, _> = address.parse();
                listen = Some(parsed.map_err(|_| {
                    format!("--listen: {address:?} is not an address; give 127.0.0.1:PORT")
                })?);
            }
            other => {
                let remedy = "use --config FILE or --listen ADDR";
                return Err(format!("{other}: is not known; {remedy}"));
            }
        }
    }
    config.listen = listen.unwrap_or(config.listen);
    Ok(Some(config))
}

/// The configuration of a file.
fn read(path: &str) -> Result<Config, String> {
    let text = fs::read_to_string(path).map_err(|error| {
        format!("--config: cannot read {path:?} ({error}); give the path of a TOML file")
    })?;
    Config::from_toml(&text).map_err(|error| format!("{path}: {error}"))
}

/// Writes how to connect an application: one line for each dialect, for an application with the
/// layer and for one in another language, and one for messages to phones.
fn print(provider: &LocalProvider) -> io::Result<()> {
    let (origin, issuer) = (provider.origin(), provider.oidc_issuer());
    let (id, secret) = (provider.client_id(), provider.client_secret());
    let shown = secret.as_deref().unwrap_or_default();
    let variables = match &secret {
        Some(secret) => format!("OAUTH_CLIENT_ID={id} OAUTH_CLIENT_SECRET={secret}"),
        None => format!("OAUTH_CLIENT_ID={id}"),
    };
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {origin}")?;
    for (name, layer_type) in [("kakao", "Kakao"), ("naver", "Naver"), ("google", "Google")] {
        let new = match &secret {
            None if name == "kakao" => format!("{layer_type}::without_secret({id:?})"),
            _ => format!("{layer_type}::new({id:?}, {shown:?})"),
        };
        writeln!(
            out,
            "{name}: {new}.endpoint_base({origin:?}) or \
             OAUTH_PROVIDER={name} OAUTH_ENDPOINT_BASE={origin} {variables}"
        )?;
    }
    let new = match &secret {
        None => format!("Oidc::without_secret({issuer:?}, {id:?})"),
        Some(secret) => format!("Oidc::new({issuer:?}, {id:?}, {secret:?})"),
    };
    writeln!(
        out,
        "oidc: {new} or OAUTH_PROVIDER=oidc OIDC_ISSUER={issuer} {variables}"
    )?;
    writeln!(
        out,
        "sms: {}, Solapi and Twilio Verify at SMS_ENDPOINT_BASE={origin}",
        provider.inbox_url()
    )?;
    out.flush()
}

const USAGE: &str = "\
usage: tower-phone-auth-local-provider [--config FILE] [--listen ADDR]

  --config FILE   a TOML file with the settings; README.md lists them
  --listen ADDR   a loopback address and a port, in place of the file's; default 127.0.0.1:9400";
