-- Written for SQLite with the words of the store. Instants are milliseconds since 1970 in
-- UTC; 0 is none. Of what opens a door only a SHA-256 is kept.

CREATE TABLE people_users (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	account     TEXT NOT NULL,
	scopes      TEXT NOT NULL,
	created_at  INTEGER NOT NULL,
	disabled_at INTEGER NOT NULL
);

CREATE TABLE people_links (
	digest     TEXT PRIMARY KEY,
	user_id    TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL
);
CREATE INDEX people_links_user ON people_links (user_id);

CREATE TABLE people_subjects (
	issuer     TEXT NOT NULL,
	subject    TEXT NOT NULL,
	user_id    TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (issuer, subject)
);

CREATE TABLE people_passkeys (
	id         TEXT PRIMARY KEY,
	user_id    TEXT NOT NULL,
	name       TEXT NOT NULL,
	credential TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL,
	removed_at INTEGER NOT NULL
);
CREATE INDEX people_passkeys_user ON people_passkeys (user_id);

CREATE TABLE people_challenges (
	id         TEXT PRIMARY KEY,
	purpose    TEXT NOT NULL,
	user_id    TEXT NOT NULL,
	bound_to   TEXT NOT NULL,
	ceremony   TEXT NOT NULL,
	statement  TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL
);
CREATE INDEX people_challenges_expiry ON people_challenges (expires_at);

CREATE TABLE people_sessions (
	id         TEXT PRIMARY KEY,
	digest     TEXT NOT NULL UNIQUE,
	user_id    TEXT NOT NULL,
	way        TEXT NOT NULL,
	browser    TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	seen_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	revoked_at INTEGER NOT NULL
);
CREATE INDEX people_sessions_user ON people_sessions (user_id);

CREATE TABLE people_signatures (
	id                 TEXT PRIMARY KEY,
	approval_id        TEXT NOT NULL,
	user_id            TEXT NOT NULL,
	session_id         TEXT NOT NULL,
	statement          TEXT NOT NULL,
	origin             TEXT NOT NULL,
	credential_id      TEXT NOT NULL,
	public_key         TEXT NOT NULL,
	client_data        TEXT NOT NULL,
	authenticator_data TEXT NOT NULL,
	signature          TEXT NOT NULL,
	signed_at          INTEGER NOT NULL
);
CREATE INDEX people_signatures_approval ON people_signatures (approval_id, signed_at);

CREATE TABLE people_tokens (
	id         TEXT PRIMARY KEY,
	digest     TEXT NOT NULL UNIQUE,
	user_id    TEXT NOT NULL,
	account    TEXT NOT NULL,
	name       TEXT NOT NULL,
	shown      TEXT NOT NULL,
	scopes     TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	revoked_at INTEGER NOT NULL
);
CREATE INDEX people_tokens_user ON people_tokens (user_id);
