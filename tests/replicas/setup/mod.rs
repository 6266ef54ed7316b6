//! Servers, connections to them, and replicas of the shop.

mod line;
mod server;
mod shop;

pub(crate) use line::Line;
pub(crate) use server::{Kind, Server, port};
pub(crate) use shop::{RedisReplica, Shop, copied, sign_out};

/// Makes one test with Redis and one with Valkey of each function.
macro_rules! over_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::setup::Kind;

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
