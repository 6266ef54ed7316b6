//! A connection to a server that can be cut, stalled and slowed down.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::support::replicas::until;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Connections break, and new ones are closed at once.
    Cut,
    /// Connections stay open, and no bytes pass.
    Stalled,
    /// Each read is delayed, in both directions.
    Slow(Duration),
}

pub(crate) struct Line {
    state: watch::Sender<State>,
    address: SocketAddr,
}

impl Line {
    pub(crate) async fn to(port: u16) -> Self {
        let state = watch::Sender::new(State::Open);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let states = state.subscribe();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, port, states.clone()));
            }
        });
        Self { state, address }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Returns when every connection is closed, so that `mend` affects new connections alone.
    pub(crate) async fn cut(&self) {
        self.state.send_replace(State::Cut);
        // The last receiver is that of the listener.
        until(async || self.state.receiver_count() == 1).await;
    }

    pub(crate) fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    pub(crate) fn slow_down(&self, by: Duration) {
        self.state.send_replace(State::Slow(by));
    }

    pub(crate) fn mend(&self) {
        self.state.send_replace(State::Open);
    }
}

async fn carry(client: TcpStream, port: u16, states: watch::Receiver<State>) {
    let mut broken = states.clone();
    let carried = async {
        let server = TcpStream::connect(("127.0.0.1", port)).await?;
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::try_join!(
            pump(from_client, to_server, states.clone()),
            pump(from_server, to_client, states.clone()),
        )
    };
    tokio::select! {
        _ = carried => {}
        _ = broken.wait_for(|state| *state == State::Cut) => {}
    }
}

async fn pump(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut states: watch::Receiver<State>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        let state = states.wait_for(|state| *state != State::Stalled).await;
        let state = *state.map_err(std::io::Error::other)?;
        if let State::Slow(by) = state {
            tokio::time::sleep(by).await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}
