-- MaiaScore's payments carry no reference, and so no mark: a lost one is found by its content, among the records that were not there before.
ALTER TABLE upstream ADD COLUMN seen_before TEXT COLLATE "C";
ALTER TABLE upstream ADD COLUMN payment TEXT COLLATE "C";
CREATE INDEX upstream_of_content ON upstream (scope, mark);
