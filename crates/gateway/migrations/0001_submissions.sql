-- Plain SQL that SQLite and PostgreSQL read alike. Times are milliseconds since 1970.
CREATE TABLE submissions (
    submission_key TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    region TEXT NOT NULL,
    instance_name TEXT,
    workspace_id TEXT,
    marker TEXT,
    body_sha256 TEXT NOT NULL,
    body_bytes BIGINT NOT NULL,
    prepared_at BIGINT NOT NULL,
    sent_at BIGINT,
    settled_at BIGINT,
    checked_at BIGINT,
    instance_id TEXT,
    upstream TEXT,
    look_up_forbidden BIGINT NOT NULL
);

CREATE INDEX submissions_by_state ON submissions (state, settled_at);

-- One row that is written to find out whether writing is possible.
CREATE TABLE writable (
    id BIGINT PRIMARY KEY NOT NULL,
    tried BIGINT NOT NULL
);
