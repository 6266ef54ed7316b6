//! The body of an answer, whole or broken.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// The body of an answer, and the ways in which one can be broken.
pub(crate) enum Body {
    Whole(Bytes),
    /// One byte a second.
    Drip {
        rest: Bytes,
        pause: Pin<Box<Sleep>>,
    },
    /// Promises `declared` bytes, sends `part`, then breaks.
    Cut {
        part: Bytes,
        declared: u64,
        flushed: bool,
    },
    /// An empty JSON object, padded to `total` bytes. It is made in chunks, so the provider needs
    /// no memory for it.
    Padding {
        sent: usize,
        total: usize,
    },
}

impl Body {
    /// One byte each second. The first one comes after a second, too.
    pub(crate) fn drip(bytes: Bytes) -> Self {
        let pause = Box::pin(sleep(DRIP));
        Self::Drip { rest: bytes, pause }
    }

    /// Half of the bytes, under the length of all of them. An empty body declares one byte, so that
    /// it is cut as well.
    pub(crate) fn cut(bytes: &Bytes) -> Self {
        Self::Cut {
            part: bytes.slice(..bytes.len() / 2),
            declared: bytes.len().max(1) as u64,
            flushed: false,
        }
    }

    /// A body of `total` bytes.
    pub(crate) fn padding(total: usize) -> Self {
        Self::Padding { sent: 0, total }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(frame(std::mem::take(bytes))),
            Self::Drip { rest, pause } => {
                ready!(pause.as_mut().poll(cx));
                pause.as_mut().reset(Instant::now() + DRIP);
                Poll::Ready(frame(rest.split_to(rest.len().min(1))))
            }
            Self::Cut { part, .. } if !part.is_empty() => Poll::Ready(frame(std::mem::take(part))),
            Self::Cut { flushed, .. } if !*flushed => {
                // Pausing once lets the part reach the client before the connection breaks.
                *flushed = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Cut { .. } => Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into()))),
            Self::Padding { sent, total } => {
                let chunk = padding(*sent, *total);
                *sent += chunk.len();
                Poll::Ready(frame(chunk))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) | Self::Drip { rest: bytes, .. } => {
                SizeHint::with_exact(bytes.len() as u64)
            }
            Self::Cut { declared, .. } => SizeHint::with_exact(*declared),
            // Without a Content-Length, so that the client has to count for itself.
            Self::Padding { .. } => SizeHint::default(),
        }
    }
}

/// A frame with these bytes. `None`, the end of the body, if there are none.
fn frame(bytes: Bytes) -> Option<io::Result<Frame<Bytes>>> {
    (!bytes.is_empty()).then(|| Ok(Frame::data(bytes)))
}

/// The next chunk of a padded object: `{` at the start, `}` at the end, blanks between them.
fn padding(sent: usize, total: usize) -> Bytes {
    let end = total.min(sent.saturating_add(CHUNK));
    let mut chunk = vec![b' '; end - sent];
    if let Some(last) = chunk.last_mut().filter(|_| end == total) {
        *last = b'}';
    }
    if let Some(first) = chunk.first_mut().filter(|_| sent == 0) {
        *first = b'{';
    }
    chunk.into()
}

/// The bytes of one chunk of padding.
const CHUNK: usize = 16 * 1024;
/// The pause before each byte.
const DRIP: Duration = Duration::from_secs(1);
