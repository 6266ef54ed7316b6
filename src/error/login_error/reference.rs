//! The reference that joins a refusal page to a line of the log.

/// Eight hexadecimal digits. Short enough to be read out on the telephone, and distinct enough
/// among the refusals of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference(pub(super) String);

impl Reference {
    /// A new reference.
    pub(super) fn random() -> Self {
        let mut bytes = [0; 4];
        // Without random bytes, the reference is `00000000`. The page still has its cause.
        let _ = crate::random::fill(&mut bytes);
        Self(format!("{:08X}", u32::from_be_bytes(bytes)))
    }
}
