//! One request and its reply over a connection of their own. Nothing runs beside the look: the connection is driven by who
//! waits for the reply, so that both end when the wait does.

use std::{
    error::Error,
    fmt,
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use hyper::{
    Request, Response,
    body::{Body, Bytes, Incoming},
    client::conn::http1::{Builder, Connection},
    rt::{Read, ReadBufCursor, Write},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::way::Stream;

/// How much is read at once, in bytes. The HTTP library takes what came apart before it lets anything else run: what it can
/// get in one go is bounded by this and by tokio's turns.
const PIECE: usize = 16 << 10;
/// How much may come before a reply begins, in bytes: more than its longest head, so that more than one must have come.
const BEFORE: usize = 1 << 20;

/// A connection, and whether it still has something to do.
pub(super) struct Talk {
    connection: Option<Pin<Box<Connection<Counted, String>>>>,
}

impl Talk {
    /// Sends a request and waits for the head of its reply. The body comes while [`Talk::next`] is asked for it.
    pub async fn begin(
        stream: Box<dyn Stream>,
        request: Request<String>,
    ) -> Result<(Self, Response<Incoming>), hyper::Error> {
        let begun = Arc::new(AtomicBool::new(false));
        let counted = Counted {
            stream,
            left: BEFORE,
            begun: Arc::clone(&begun),
        };
        let (mut sender, connection) = Builder::new().handshake(counted).await?;
        let mut talk = Self {
            connection: Some(Box::pin(connection)),
        };
        let response = talk.drive(sender.send_request(request)).await?;
        begun.store(true, Ordering::Relaxed);
        Ok((talk, response))
    }

    /// The next piece of a body; `None` at its end.
    pub async fn next(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, hyper::Error> {
        loop {
            let frame = self
                .drive(poll_fn(|context| Pin::new(&mut *body).poll_frame(context)))
                .await;
            match frame.transpose()? {
                None => return Ok(None),
                // What is no data are trailers, which say nothing.
                Some(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    async fn drive<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            // How the connection ended is told by what was waited for.
            if let Some(connection) = &mut self.connection
                && connection.as_mut().poll(context).is_ready()
            {
                self.connection = None;
            }
            future.as_mut().poll(context)
        })
        .await
    }
}

/// Replies came that announce another one, and none that is one.
#[derive(Debug)]
pub(super) struct NeverBegun;

impl fmt::Display for NeverBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server sent more than {} MiB of replies that only announce another one, such as `100 Continue`",
            BEFORE >> 20
        )
    }
}

impl Error for NeverBegun {}

/// A stream of which only so much is read until the reply has begun.
struct Counted {
    stream: Box<dyn Stream>,
    left: usize,
    begun: Arc<AtomicBool>,
}

impl Read for Counted {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let counted = self.get_mut();
        let begun = counted.begun.load(Ordering::Relaxed);
        if !begun && counted.left == 0 {
            return Poll::Ready(Err(io::Error::other(NeverBegun)));
        }
        let mut piece = [0; PIECE];
        let mut room = into.remaining().min(PIECE);
        if !begun {
            room = room.min(counted.left);
        }
        let mut read = ReadBuf::new(&mut piece[..room]);
        ready!(AsyncRead::poll_read(
            Pin::new(&mut counted.stream),
            context,
            &mut read
        ))?;
        into.put_slice(read.filled());
        if !begun {
            counted.left -= read.filled().len();
        }
        Poll::Ready(Ok(()))
    }
}

impl Write for Counted {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(&mut self.get_mut().stream), context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_flush(Pin::new(&mut self.get_mut().stream), context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(Pin::new(&mut self.get_mut().stream), context)
    }
}
