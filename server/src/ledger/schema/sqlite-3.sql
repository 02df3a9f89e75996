-- Attempts that are handed on to a vendor who knows no idempotency keys. A row is written before the call; its outcome stands in `attempts`.
CREATE TABLE upstream (
  scope TEXT NOT NULL,
  key TEXT NOT NULL CHECK (length(key) BETWEEN 16 AND 64),
  customer_id INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  request TEXT NOT NULL,
  mark TEXT NOT NULL,
  amount TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('intended', 'sent', 'unknown', 'settled')),
  looks INTEGER NOT NULL DEFAULT 0,
  look_at INTEGER NOT NULL DEFAULT 0,
  begun_at TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX upstream_unsettled ON upstream (stage, look_at) WHERE stage <> 'settled';
