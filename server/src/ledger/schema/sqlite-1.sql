-- The ledger. Amounts are decimals written as text with exactly the minor digits of the customer's currency ("1234.50"): exact whatever
-- their size. They compare as (length, text), because all amounts of one customer have one scale. REAL appears nowhere.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL CHECK (name <> ''),
  currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]')
) STRICT;

CREATE TABLE invoices (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  customer_id INTEGER NOT NULL REFERENCES customers,
  number TEXT NOT NULL CHECK (number <> ''),
  issued_on TEXT NOT NULL CHECK (issued_on IS date(issued_on)),
  due_on TEXT NOT NULL CHECK (due_on IS date(due_on)),
  total TEXT NOT NULL CHECK (total GLOB '[0-9]*' AND total NOT GLOB '*[^0-9.]*'),
  balance TEXT NOT NULL CHECK (balance GLOB '[0-9]*' AND balance NOT GLOB '*[^0-9.]*'),
  CHECK ((length(balance), balance) <= (length(total), total))
) STRICT;
CREATE INDEX invoices_of_customer ON invoices (customer_id, due_on, id);

CREATE TABLE methods (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  customer_id INTEGER NOT NULL REFERENCES customers,
  kind TEXT NOT NULL CHECK (kind IN ('CreditCard', 'ACH')),
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
  last_digits TEXT NOT NULL CHECK (last_digits GLOB '[0-9][0-9][0-9][0-9]'),
  card_type TEXT,
  expires TEXT CHECK (expires IS NULL OR expires || '-01' IS date(expires || '-01')),
  account_type TEXT CHECK (account_type IN ('CHQ', 'SAV')),
  CHECK ((kind = 'CreditCard') = (card_type IS NOT NULL)),
  CHECK ((kind = 'CreditCard') = (expires IS NOT NULL)),
  CHECK ((kind = 'ACH') = (account_type IS NOT NULL))
) STRICT;
CREATE INDEX methods_of_customer ON methods (customer_id);
CREATE UNIQUE INDEX one_default_method ON methods (customer_id) WHERE is_default = 1;

CREATE TABLE payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers,
  amount TEXT NOT NULL CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*' AND amount GLOB '*[1-9]*'),
  unallocated TEXT NOT NULL CHECK (unallocated GLOB '[0-9]*' AND unallocated NOT GLOB '*[^0-9.]*'),
  method TEXT NOT NULL CHECK (method IN ('CreditCard', 'ACH', 'Cash', 'Check', 'DirectDeposit')),
  method_id INTEGER REFERENCES methods,
  source TEXT NOT NULL CHECK (source IN ('Manual', 'Automatic', 'SelfServicePortal', 'Import')),
  reference TEXT CHECK (length(reference) BETWEEN 1 AND 500),
  effective_at TEXT NOT NULL,
  CHECK ((length(unallocated), unallocated) <= (length(amount), amount)),
  CHECK ((method IN ('CreditCard', 'ACH')) = (method_id IS NOT NULL))
) STRICT;
CREATE INDEX payments_of_customer ON payments (customer_id);

CREATE TABLE allocations (
  payment_id INTEGER NOT NULL REFERENCES payments,
  invoice_id INTEGER NOT NULL REFERENCES invoices,
  amount TEXT NOT NULL CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*' AND amount GLOB '*[1-9]*'),
  PRIMARY KEY (payment_id, invoice_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocations_of_invoice ON allocations (invoice_id);

-- The attempts to pay. A declined attempt leaves an activity and no payment.
CREATE TABLE activities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  payment_id INTEGER UNIQUE REFERENCES payments,
  customer_id INTEGER NOT NULL REFERENCES customers,
  amount TEXT NOT NULL CHECK (amount GLOB '[0-9]*' AND amount NOT GLOB '*[^0-9.]*'),
  status TEXT NOT NULL CHECK (status IN ('Successful', 'Failed')),
  method TEXT NOT NULL,
  source TEXT NOT NULL,
  reference TEXT,
  effective_at TEXT NOT NULL,
  CHECK ((status = 'Successful') = (payment_id IS NOT NULL))
) STRICT;
CREATE INDEX activities_of_customer ON activities (customer_id);

-- MaiaScore's records: one due item each, with no customer and no currency; amounts keep the digits with which they were written.
CREATE TABLE due_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  amount_due TEXT NOT NULL CHECK (amount_due GLOB '[0-9]*' AND amount_due NOT GLOB '*[^0-9.]*'),
  amount_paid TEXT NOT NULL CHECK (amount_paid GLOB '[0-9]*' AND amount_paid NOT GLOB '*[^0-9.]*'),
  due_date TEXT NOT NULL CHECK (due_date IS date(due_date)),
  date TEXT NOT NULL CHECK (date IS date(date)),
  published_at TEXT NOT NULL,
  created_by TEXT NOT NULL
) STRICT;

-- The outcome of every attempt that carried an idempotency key; a burnt key has none and never gets one.
CREATE TABLE attempts (
  principal TEXT NOT NULL,
  key TEXT NOT NULL CHECK (length(key) BETWEEN 16 AND 64),
  fingerprint BLOB,
  status INTEGER,
  body TEXT,
  settled_at INTEGER NOT NULL CHECK (settled_at >= 0),
  PRIMARY KEY (principal, key),
  CHECK ((fingerprint IS NULL) = (status IS NULL) AND (status IS NULL) = (body IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_age ON attempts (settled_at);
