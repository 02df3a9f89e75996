-- The member of the staff who settled an attempt by hand.
ALTER TABLE upstream ADD COLUMN settled_by TEXT COLLATE "C";
