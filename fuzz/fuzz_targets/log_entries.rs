#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tower_phone_auth_fuzz::log_entries::target(data));
