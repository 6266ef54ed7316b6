-- AUTOINCREMENT: the id of a deleted user, which an old session may name, is never given again.
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    phone_hash BLOB, -- PhoneNumber::keyed_hash; NULL once another user confirmed the number
    confirmed_at INTEGER NOT NULL DEFAULT 0 -- when the user confirmed it, in seconds since 1970
) STRICT;

-- One user for each number.
CREATE UNIQUE INDEX IF NOT EXISTS users_by_phone ON users (phone_hash);

-- The sign-ins of a user: one, and more that the user linked.
CREATE TABLE IF NOT EXISTS accounts (
    provider TEXT NOT NULL,
    subject  TEXT NOT NULL,
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (provider, subject)
) STRICT;

-- The numbers that need no code at the next sign-in, for `KnownNumbers`. Without an account, as
-- before a newcomer decides whether to link one, no number is kept.
CREATE TABLE IF NOT EXISTS known_numbers (
    provider     TEXT NOT NULL,
    subject      TEXT NOT NULL,
    phone_hash   BLOB NOT NULL,
    phone        BLOB NOT NULL, -- encrypted
    confirmed_at INTEGER NOT NULL, -- seconds since 1970
    PRIMARY KEY (provider, subject),
    FOREIGN KEY (provider, subject) REFERENCES accounts (provider, subject) ON DELETE CASCADE
) STRICT;
