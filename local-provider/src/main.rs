//! The local provider as a program. README.md has its commands and the settings of its file.

use std::{
    env, fs,
    io::{self, ErrorKind, Write},
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
        return print(USAGE);
    };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("the runtime does not start: {error}"))?;
    runtime.block_on(async {
        let listen = config.listen;
        let provider = LocalProvider::start_with(config).await.map_err(|error| {
            format!("listen: cannot listen on {listen} ({error}); give a free 127.0.0.1:PORT")
        })?;
        print(&lines(&provider))?;
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

fn print(lines: &str) -> Result<(), String> {
    write(io::stdout().lock(), lines).map_err(|error| format!("standard output: {error}"))
}

/// Writes the lines by one call, so that no other process writes between them. A reader that leaves
/// does not end the provider.
fn write(mut out: impl Write, lines: &str) -> io::Result<()> {
    let written = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| match error.kind() {
        ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// How to connect an application: one line for each dialect, for an application with the layer and
/// for one in another language, and one for messages to phones.
fn lines(provider: &LocalProvider) -> String {
    let (origin, issuer) = (provider.origin(), provider.oidc_issuer());
    let (id, secret) = (provider.client_id(), provider.client_secret());
    let shown = secret.as_deref().unwrap_or_default();
    let variables = match &secret {
        Some(secret) => format!("OAUTH_CLIENT_ID={id} OAUTH_CLIENT_SECRET={secret}"),
        None => format!("OAUTH_CLIENT_ID={id}"),
    };
    let mut lines = format!("listening on {origin}\n");
    for (name, layer_type) in [("kakao", "Kakao"), ("naver", "Naver"), ("google", "Google")] {
        let new = match &secret {
            None if name == "kakao" => format!("{layer_type}::without_secret({id:?})"),
            _ => format!("{layer_type}::new({id:?}, {shown:?})"),
        };
        lines += &format!(
            "{name}: {new}.endpoint_base({origin:?}) or \
             OAUTH_PROVIDER={name} OAUTH_ENDPOINT_BASE={origin} {variables}\n"
        );
    }
    let new = match &secret {
        None => format!("Oidc::without_secret({issuer:?}, {id:?})"),
        Some(secret) => format!("Oidc::new({issuer:?}, {id:?}, {secret:?})"),
    };
    let inbox = provider.inbox_url();
    lines
        + &format!(
            "oidc: {new} or OAUTH_PROVIDER=oidc OIDC_ISSUER={issuer} {variables}\n\
             OAUTH_ENDPOINT_BASE is a variable of the example; after Builder::from_env, write \
             .endpoint_base({origin:?})\n\
             sms: {inbox}, Solapi and Twilio Verify at SMS_ENDPOINT_BASE={origin}\n"
        )
}

const USAGE: &str = "\
usage: tower-phone-auth-local-provider [--config FILE] [--listen ADDR]

  --config FILE   a TOML file with the settings; README.md lists them
  --listen ADDR   a loopback address and a port, in place of the file's; default 127.0.0.1:9400
";

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that fails at each write.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_does_not_end_the_provider_and_a_full_disk_does() {
        assert!(write(Failing(ErrorKind::BrokenPipe), "line\n").is_ok());
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            let written = write(Failing(kind), "line\n");
            assert_eq!(written.map_err(|error| error.kind()), Err(kind));
        }
    }
}
