-- Each payment asks whether another attempt was settled with the vendor's record of it.
CREATE INDEX upstream_of_payment ON upstream (scope, payment) WHERE payment IS NOT NULL;
