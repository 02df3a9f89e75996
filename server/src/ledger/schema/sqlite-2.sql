-- Lists are filtered, sorted and counted by the database, keys belong to a tenant, and the ledger keeps a clock of its own.

-- Amounts in minor units: all amounts of one customer have one scale, so the text without its point is that number.
ALTER TABLE invoices ADD COLUMN total_minor INTEGER GENERATED ALWAYS AS (CAST(replace(total, '.', '') AS INTEGER)) VIRTUAL;
ALTER TABLE invoices ADD COLUMN balance_minor INTEGER GENERATED ALWAYS AS (CAST(replace(balance, '.', '') AS INTEGER)) VIRTUAL;
ALTER TABLE activities ADD COLUMN amount_minor INTEGER GENERATED ALWAYS AS (CAST(replace(amount, '.', '') AS INTEGER)) VIRTUAL;
CREATE INDEX invoices_open ON invoices (customer_id, due_on, id) WHERE balance_minor > 0;

-- A due item has no currency: its amounts compare by 18 padded digits and 4 decimals.
ALTER TABLE due_items ADD COLUMN amount_due_key TEXT GENERATED ALWAYS AS (
  substr('000000000000000000' || substr(amount_due, 1, instr(amount_due || '.', '.') - 1), -18)
  || '.' || substr(substr(amount_due, instr(amount_due || '.', '.') + 1) || '0000', 1, 4)) VIRTUAL;
ALTER TABLE due_items ADD COLUMN amount_paid_key TEXT GENERATED ALWAYS AS (
  substr('000000000000000000' || substr(amount_paid, 1, instr(amount_paid || '.', '.') - 1), -18)
  || '.' || substr(substr(amount_paid, instr(amount_paid || '.', '.') + 1) || '0000', 1, 4)) VIRTUAL;

-- The number of the last page needs a count, and counting a long history on every request is slow.
ALTER TABLE customers ADD COLUMN invoice_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN activity_count INTEGER NOT NULL DEFAULT 0;
UPDATE customers SET
  invoice_count = (SELECT count(*) FROM invoices WHERE customer_id = customers.id),
  activity_count = (SELECT count(*) FROM activities WHERE customer_id = customers.id);
CREATE TRIGGER invoice_counted AFTER INSERT ON invoices
  BEGIN UPDATE customers SET invoice_count = invoice_count + 1 WHERE id = NEW.customer_id; END;
CREATE TRIGGER activity_counted AFTER INSERT ON activities
  BEGIN UPDATE customers SET activity_count = activity_count + 1 WHERE id = NEW.customer_id; END;

-- A key belongs to a tenant's books on one API, whoever sends it, and keeps its customer. A burnt key has no outcome and never
-- gets one.
CREATE TABLE keys (
  scope TEXT NOT NULL,
  key TEXT NOT NULL CHECK (length(key) BETWEEN 16 AND 64),
  customer_id INTEGER,
  fingerprint BLOB,
  status INTEGER,
  body TEXT,
  settled_at INTEGER NOT NULL CHECK (settled_at >= 0),
  PRIMARY KEY (scope, key),
  CHECK ((fingerprint IS NULL) = (status IS NULL) AND (status IS NULL) = (body IS NULL))
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO keys (scope, key, customer_id, fingerprint, status, body, settled_at)
  SELECT 'main ' || substr(principal, 1, instr(principal, ' ') - 1), key,
    CASE WHEN principal LIKE '%portal:%' THEN CAST(substr(principal, instr(principal, 'portal:') + 7) AS INTEGER)
         WHEN status = 200 AND json_valid(body) THEN json_extract(body, '$.customerId') END,
    fingerprint, status, body, settled_at
  FROM attempts ORDER BY status IS NULL, status <> 200, settled_at DESC;
DROP TABLE attempts;
ALTER TABLE keys RENAME TO attempts;
CREATE INDEX attempts_by_age ON attempts (settled_at);

-- Ages of keys are counted in seconds for which the ledger was served, so a machine's clock that jumps expires nothing.
CREATE TABLE clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seconds INTEGER NOT NULL CHECK (seconds >= 0)
) STRICT;
INSERT INTO clock (id, seconds) SELECT 1, max(unixepoch(), (SELECT coalesce(max(settled_at), 0) FROM attempts));
-- The key that signs sessions lies in a file of its own.
DROP TABLE settings;
