INSERT INTO agentroles.journal_head (seq, previous_hash, hash)
VALUES (0, UNHEX(SHA2('', 256)), UNHEX(SHA2('', 256)))
ON DUPLICATE KEY UPDATE only_row = only_row;
