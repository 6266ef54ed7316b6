//! Sessions that are written and read, and bytes that are not sessions.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::session::{MOST_AHEAD, Rules};

const BEGUN: u64 = 1_800_000_000;

const ASSURANCES: [PhoneAssurance; 5] = [
    PhoneAssurance::Unverified,
    PhoneAssurance::Asserted,
    PhoneAssurance::Verified,
    PhoneAssurance::Confirmed,
    PhoneAssurance::Identified,
];

fn sealed<'a>(texts: &'a [String; 3], times: [u32; 3], flags: u8) -> Sealed<'a> {
    let [subject, name, email] = texts.each_ref().map(String::as_str);
    let begun = UnixTime::from_secs(BEGUN);
    let [life, seen, proved] = times;
    Sealed {
        binding: Binding([flags; 8]),
        session_id: SessionId::from_bytes([flags; 16]),
        phone: NonZeroU64::new(821_012_345_678).unwrap(),
        assurance: ASSURANCES[usize::from(flags % 5)],
        confirmed_at: flags
            .is_multiple_of(11)
            .then(|| moved(begun, i32::from(flags) - 100)),
        subject,
        name: name.as_bytes(),
        email: email.as_bytes(),
        email_verified: flags > 127,
        provider_session: flags
            .is_multiple_of(5)
            .then(|| ProviderSession::from_bytes([flags; 16])),
        known: Known {
            subject: u64::from(flags % 7) * 1_000_000,
            at_provider: u64::from(flags % 3),
        },
        authenticated_at: begun,
        expires_at: begun.after(span(life)),
        seen_at: begun.after(span(seen)),
        proved_at: flags
            .is_multiple_of(2)
            .then(|| begun.before(span(proved % 1_000_000))),
        asked_afresh: flags.is_multiple_of(3),
        issued_at: flags
            .is_multiple_of(7)
            .then(|| moved(begun, 50_000_i32 - i32::from(flags) * 900)),
        checks: match flags % 4 {
            0 => Checks::default(),
            kind => Checks {
                passed_at: (kind != 1).then(|| begun.after(span(seen))),
                tried_at: (kind != 2).then(|| begun.after(span(life))),
            },
        },
        claims_known: None,
        claims: "",
    }
}

proptest! {
    #[test]
    fn a_written_session_is_read(
        texts in ["[!-~]{1,255}", "\\PC{0,40}", "[a-z@.]{0,254}"],
        times: [u16; 3],
        flags: u8,
    ) {
        let sealed = sealed(&texts, times.map(u32::from), flags);
        let plain = sealed.write().unwrap();
        prop_assert_eq!(Sealed::read(&plain), Some(sealed));
        for cut in 0..plain.len() {
            prop_assert_eq!(Sealed::read(&plain[..cut]), None);
        }
        let longer = [&plain[..], b"x"].concat();
        prop_assert_eq!(Sealed::read(&longer), None);
    }

    #[test]
    fn no_bytes_panic(plain: Vec<u8>) {
        let _ = Sealed::read(&plain);
    }
}

#[test]
fn the_oldest_proof_is_kept_and_one_after_the_sign_in_is_dropped() {
    let texts = ["s".to_owned(), String::new(), String::new()];
    for (proved, kept) in [
        (0, Some(0)),
        (1, Some(1)),
        (BEGUN - 1, Some(BEGUN - 1)),
        (BEGUN, Some(BEGUN)),
        (BEGUN + 1, None),
        (u64::MAX, None),
    ] {
        let mut sealed = sealed(&texts, [0; 3], 0);
        sealed.proved_at = Some(UnixTime::from_secs(proved));
        let plain = sealed.write().unwrap();
        let read = Sealed::read(&plain).unwrap();
        assert_eq!(read.proved_at, kept.map(UnixTime::from_secs), "{proved}");
    }
}

#[test]
fn a_sign_in_dated_after_its_end_keeps_its_end() {
    let texts = ["7".to_owned(), String::new(), String::new()];
    let mut late = sealed(&texts, [5, 0, 0], 0);
    let end = late.expires_at;
    late.authenticated_at = end.after(span(60));
    let plain = late.write().unwrap();
    let read = Sealed::read(&plain).unwrap();
    assert_eq!((read.expires_at, read.seen_at), (end, late.seen_at));
    assert_eq!(read.authenticated_at, late.authenticated_at);
}

#[test]
fn the_time_of_the_id_token_is_kept_whatever_the_difference_between_the_clocks() {
    let texts = ["7".to_owned(), String::new(), String::new()];
    let year = 365 * 24 * 60 * 60;
    for issued in [
        BEGUN,
        BEGUN - 600,
        BEGUN + 59,
        BEGUN - 40 * year,
        BEGUN + 40 * year,
    ] {
        let mut sealed = sealed(&texts, [0; 3], 0);
        sealed.issued_at = Some(UnixTime::from_secs(issued));
        let plain = sealed.write().unwrap();
        assert_eq!(Sealed::read(&plain).unwrap().issued_at, sealed.issued_at);
    }
}

#[test]
fn a_text_too_long_for_its_length_is_not_written() {
    let texts = ["s".repeat(256), String::new(), String::new()];
    assert_eq!(sealed(&texts, [0; 3], 0).write(), None);
}

#[test]
fn only_zeros_of_less_than_a_block_may_follow_the_texts() {
    let padded = |padding: &[u8]| {
        let plain = [&[1, 0, 0, b's'], padding].concat();
        texts(&plain).map(|((subject, others), _)| (subject.to_owned(), others.map(<[u8]>::len)))
    };
    for zeros in 0..BLOCK {
        assert_eq!(padded(&vec![0; zeros]), Some(("s".to_owned(), [0, 0])));
    }
    for wrong in [&[0; BLOCK][..], &[0; BLOCK + 1], &[1], &[0, 0, 1]] {
        assert_eq!(padded(wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_subject_that_is_no_text_is_no_session() {
    let texts = ["s", "n", "e"].map(str::to_owned);
    let plain = sealed(&texts, [0; 3], 0).write().unwrap();
    let of_text = plain.iter().rposition(|byte| *byte == b's').unwrap();
    for wrong in [0x80, 0xc3, 0xff] {
        let mut other = plain.clone();
        other[of_text] = wrong;
        assert_eq!(Sealed::read(&other), None, "{wrong:x}");
    }
}

#[test]
fn a_proof_of_more_than_a_century_before_the_sign_in_is_still_a_proof() {
    let texts = ["s".to_owned(), String::new(), String::new()];
    let mut sealed = sealed(&texts, [0; 3], 0);
    sealed.authenticated_at = UnixTime::from_secs(2 * u64::from(NEVER));
    sealed.proved_at = Some(UnixTime::from_secs(0));
    let plain = sealed.write().unwrap();
    let oldest = sealed.authenticated_at.before(span(NEVER - 1));
    assert_eq!(Sealed::read(&plain).unwrap().proved_at, Some(oldest));
}

#[test]
fn claims_are_read_whole_or_not_at_all() {
    let texts = ["1", "김지우", "jiwoo@example.com"].map(str::to_owned);
    let without = sealed(&texts, [3600, 0, 0], 2);
    for claims in ["", "{}", "[1]", &"x".repeat(511), &"x".repeat(512)] {
        let with = Sealed {
            claims_known: Some(u64::from_be_bytes([7; 8])),
            claims,
            ..without
        };
        let plain = with.write().unwrap();
        assert_eq!(Sealed::read(&plain), Some(with));
        // All cuts but the one before the claims, which is the session without them.
        let whole = without.write().unwrap().len();
        for cut in (whole + 1)..plain.len() {
            assert_eq!(Sealed::read(&plain[..cut]), None, "{cut}");
        }
        let mut other = plain.clone();
        let tag = plain.iter().rposition(|byte| *byte == 7).unwrap() - 8;
        other[tag] = 2;
        assert_eq!(Sealed::read(&other), None);
    }
}

/// A replica of the version before claims and confirmed numbers, as during a deployment, opens it.
#[test]
fn a_session_without_claims_and_confirmation_has_the_bytes_of_earlier_versions() {
    let texts = ["1", "", ""].map(str::to_owned);
    for (level, assurance) in [(0, 0), (1, 1), (2, 2)] {
        let session = Sealed {
            assurance: ASSURANCES[assurance],
            confirmed_at: None,
            email_verified: false,
            ..sealed(&texts, [3600, 60, 30], 2)
        };
        let session = Sealed {
            checks: Checks::default(),
            known: Known::default(),
            ..session
        };
        let mut expected = [&[2; 24][..], &821_012_345_678_u64.to_be_bytes(), &[level]].concat();
        expected.extend(BEGUN.to_be_bytes());
        for seconds in [3600_u32, 60, 30] {
            expected.extend(seconds.to_be_bytes());
        }
        expected.extend([1, 0, 0, b'1']);
        expected.resize(expected.len().next_multiple_of(BLOCK), 0);
        assert_eq!(session.write().unwrap(), expected);
    }
}

#[test]
fn an_assurance_of_a_later_version_counts_as_the_highest_known_one() {
    let texts = ["1", "", ""].map(str::to_owned);
    let confirmed = Sealed {
        assurance: PhoneAssurance::Confirmed,
        confirmed_at: None,
        ..sealed(&texts, [3600, 60, 30], 2)
    };
    let plain = confirmed.write().unwrap();
    let own = 24 + 8 + 1 + 8 + 3 * 4;
    assert_eq!(plain[own], 3);
    for (level, read) in [(4, 4), (5, 4), (255, 4), (2, 2), (0, 0)] {
        let mut later = plain.clone();
        later[own] = level;
        let assurance = Sealed::read(&later).unwrap().assurance;
        assert_eq!(assurance, ASSURANCES[read], "{level}");
    }
}

#[test]
fn the_time_of_the_confirmation_is_kept_for_each_assurance() {
    let texts = ["1", "", ""].map(str::to_owned);
    let years = Duration::from_secs(40 * 365 * 24 * 60 * 60);
    for assurance in ASSURANCES {
        let session = sealed(&texts, [3600, 60, 30], 2);
        let begun = session.authenticated_at;
        for confirmed_at in [begun, begun.before(years), begun.after(years)] {
            let confirmed = Sealed {
                assurance,
                confirmed_at: Some(confirmed_at),
                ..session
            };
            let plain = confirmed.write().unwrap();
            assert_eq!(Sealed::read(&plain), Some(confirmed));
        }
    }
}

#[test]
fn a_session_ends_by_its_own_end_or_by_the_rules_of_today() {
    let texts = ["1", "", ""].map(str::to_owned);
    let at = |seconds| moved(UnixTime::from_secs(BEGUN), seconds);
    let rules = |life: u32, idle: Option<u32>| Rules {
        life: span(life),
        idle: idle.map(span),
        assurance: PhoneAssurance::Unverified,
    };
    // Sealed after 40 seconds, with an end after 100.
    let session = || sealed(&texts, [100, 40, 0], 0);
    for (life, idle, end) in [
        (1000, None, 100),
        (60, None, 60),
        (1000, Some(30), 70),
        (1000, Some(80), 100),
    ] {
        let rules = rules(life, idle);
        assert!(!session().is_over(&rules, at(end - 1)), "{end}");
        assert!(session().is_over(&rules, at(end)), "{end}");
    }
    let ends = |life| session().bounds(&rules(life, None), at(0)).0;
    assert_eq!([ends(1000), ends(60)], [at(100), at(60)]);
    for (now, proved_at) in [(-60, Some(at(0))), (-61, None)] {
        let (_, proof) = session().bounds(&rules(1000, None), at(now));
        assert_eq!(proof, proved_at, "{now}");
    }
}

#[test]
fn a_session_is_from_the_future_by_its_sign_in_and_with_an_idle_time_by_its_sealing() {
    let texts = ["1", "", ""].map(str::to_owned);
    let at = |seconds| moved(UnixTime::from_secs(BEGUN), seconds);
    let ahead = i32::try_from(MOST_AHEAD.as_secs()).unwrap();
    for (idle, now, is_from_future) in [
        (None, -ahead, false),
        (None, -ahead - 1, true),
        (Some(span(30)), 40 - ahead, false),
        (Some(span(30)), 39 - ahead, true),
        (None, 39 - ahead, false),
    ] {
        let rules = Rules {
            life: span(1000),
            idle,
            assurance: PhoneAssurance::Unverified,
        };
        let session = sealed(&texts, [100, 40, 0], 0);
        assert_eq!(
            session.is_from_future(&rules, at(now)),
            is_from_future,
            "{now}"
        );
    }
}
