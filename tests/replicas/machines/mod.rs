//! Servers, lines to them, and machines of the shop.

mod line;
mod server;
mod shop;

pub(crate) use line::Line;
pub(crate) use server::{Kind, Server, port};
pub(crate) use shop::{Machine, Shop, copied, log_out};

/// The same test over both.
macro_rules! over_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::machines::Kind;

            #[tokio::test(flavor = "multi_thread")]
            async fn over_redis() {
                super::$name(Kind::Redis).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn over_valkey() {
                super::$name(Kind::Valkey).await;
            }
        }
    )*};
}
pub(crate) use over_both;
