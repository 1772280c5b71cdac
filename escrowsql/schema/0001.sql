-- Written for SQLite; dialect.go says what other words PostgreSQL has for it.
-- Instants are RFC 3339 text of fixed width (nanoseconds, UTC), which sorts; '' is none.
-- Amounts are decimal text: numeric columns lose digits.

CREATE TABLE escrow_settings (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE escrow_lifecycles (
	name          TEXT NOT NULL,
	version       INTEGER NOT NULL,
	digest        TEXT NOT NULL,
	first_used_at TEXT NOT NULL,
	PRIMARY KEY (name, version)
) WITHOUT ROWID;

CREATE TABLE escrow_contracts (
	id          TEXT PRIMARY KEY,
	lifecycle   TEXT NOT NULL,
	version     INTEGER NOT NULL,
	status      TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	created_at  TEXT NOT NULL,
	decided_at  TEXT NOT NULL,
	ended       INTEGER NOT NULL,
	due_at      TEXT NOT NULL,
	lease_until TEXT NOT NULL,
	draft       TEXT NOT NULL,
	snapshot    TEXT NOT NULL,
	chain       TEXT NOT NULL,
	salts       TEXT NOT NULL
);
CREATE INDEX escrow_contracts_due ON escrow_contracts (due_at) WHERE due_at <> '';
CREATE INDEX escrow_contracts_status ON escrow_contracts (lifecycle, status, created_at, id);

CREATE TABLE escrow_accounts (
	account     TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	PRIMARY KEY (account, created_at, contract_id)
) WITHOUT ROWID;

CREATE TABLE escrow_decisions (
	number      NUMBERED,
	contract_id TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	commit_id   TEXT NOT NULL,
	rule        TEXT NOT NULL,
	executes    TEXT NOT NULL,
	action      TEXT NOT NULL,
	from_status TEXT NOT NULL,
	to_status   TEXT NOT NULL,
	at          TEXT NOT NULL,
	clock       TEXT NOT NULL,
	actor       TEXT NOT NULL,
	command     TEXT NOT NULL,
	digest      TEXT NOT NULL,
	chain       TEXT NOT NULL,
	event       INTEGER,
	UNIQUE (contract_id, revision)
);
CREATE UNIQUE INDEX escrow_decisions_event ON escrow_decisions (event) WHERE event IS NOT NULL;
CREATE INDEX escrow_decisions_new ON escrow_decisions (number) WHERE event IS NULL;

CREATE TABLE escrow_movements (
	id           TEXT PRIMARY KEY,
	contract_id  TEXT NOT NULL,
	revision     INTEGER NOT NULL,
	position     INTEGER NOT NULL,
	kind         TEXT NOT NULL,
	from_account TEXT NOT NULL,
	to_account   TEXT NOT NULL,
	asset        TEXT NOT NULL,
	scale        INTEGER NOT NULL,
	amount       TEXT NOT NULL,
	reason       TEXT NOT NULL,
	basis        TEXT NOT NULL,
	UNIQUE (contract_id, revision, position)
) WITHOUT ROWID;

CREATE TABLE escrow_approvals (
	id          TEXT PRIMARY KEY,
	contract_id TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	account     TEXT NOT NULL,
	status      TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	expires_at  TEXT NOT NULL,
	record      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX escrow_approvals_contract ON escrow_approvals (contract_id);

CREATE TABLE escrow_texts (
	contract_id TEXT NOT NULL,
	hash        TEXT NOT NULL,
	member      TEXT NOT NULL,
	text        TEXT NOT NULL,
	PRIMARY KEY (contract_id, hash)
) WITHOUT ROWID;

CREATE TABLE escrow_keys (
	account     TEXT NOT NULL,
	key         TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	token       TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	lease_until TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	status      INTEGER NOT NULL,
	answer      TEXT NOT NULL,
	PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX escrow_keys_created ON escrow_keys (created_at);

CREATE TABLE escrow_outbox (
	id          TEXT PRIMARY KEY,
	topic       TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	payload     TEXT NOT NULL,
	state       TEXT NOT NULL,
	attempts    INTEGER NOT NULL,
	created_at  TEXT NOT NULL,
	next_at     TEXT NOT NULL,
	problem     TEXT NOT NULL
);
CREATE INDEX escrow_outbox_next ON escrow_outbox (topic, next_at) WHERE state = 'waiting';
CREATE INDEX escrow_outbox_dead ON escrow_outbox (topic, id) WHERE state = 'dead';

CREATE TABLE escrow_intents (
	id          TEXT PRIMARY KEY,
	request     TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	movements   TEXT NOT NULL,
	payer       TEXT NOT NULL,
	asset       TEXT NOT NULL,
	scale       INTEGER NOT NULL,
	amount      TEXT NOT NULL,
	state       TEXT NOT NULL,
	created_at  TEXT NOT NULL,
	lease_until TEXT NOT NULL,
	problem     TEXT NOT NULL
);
CREATE INDEX escrow_intents_open ON escrow_intents (lease_until) WHERE state IN ('placed', 'held', 'voiding');
CREATE INDEX escrow_intents_fingerprint ON escrow_intents (fingerprint) WHERE state IN ('placed', 'held');
CREATE INDEX escrow_intents_request ON escrow_intents (request) WHERE state IN ('placed', 'held');
CREATE INDEX escrow_intents_contract ON escrow_intents (contract_id);

CREATE TABLE escrow_payments (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	account     TEXT NOT NULL,
	hold        TEXT NOT NULL,
	quorum      INTEGER NOT NULL,
	asset       TEXT NOT NULL,
	scale       INTEGER NOT NULL,
	amount      TEXT NOT NULL,
	state       TEXT NOT NULL,
	attempts    INTEGER NOT NULL,
	created_at  TEXT NOT NULL,
	next_at     TEXT NOT NULL,
	problem     TEXT NOT NULL
);
CREATE INDEX escrow_payments_next ON escrow_payments (next_at) WHERE state = 'waiting';
CREATE INDEX escrow_payments_contract ON escrow_payments (contract_id, state);
CREATE INDEX escrow_payments_odd ON escrow_payments (state, id) WHERE state IN ('review', 'dead');

CREATE TABLE escrow_releases (
	contract_id TEXT NOT NULL,
	revision    INTEGER NOT NULL,
	operator    TEXT NOT NULL,
	at          TEXT NOT NULL,
	PRIMARY KEY (contract_id, revision, operator)
) WITHOUT ROWID;
