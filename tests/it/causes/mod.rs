//! Failures of many causes, each caused by requests to the layer. One line of the log names the
//! cause. `cargo test --all-features --test it causes:: -- --nocapture` prints the lines.

mod before_redirect;
mod callback;
mod echo;
mod hostile_texts;
mod id_token;
mod kakao_naver_google;
mod pages;
mod references;
mod row;
mod token_endpoint;
mod user_decisions;
mod userinfo;
