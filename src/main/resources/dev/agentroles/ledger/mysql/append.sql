-- Appends one entry. The head's row lock makes writers take turns. MySQL evaluates assignments from left to right.
-- Where the head is gone the entry has no number, which the table refuses.
UPDATE agentroles.journal_head
   SET seq = seq + 1, previous_hash = hash, hash = UNHEX(SHA2(CONCAT(hash, ?), 256));
INSERT INTO agentroles.journal
       (at, database_user, operator, action, agent, lease, outcome, detail, seq, previous_hash, hash)
VALUES (CAST(? AS datetime(6)), ?, ?, ?, ?, ?, ?, ?,
        (SELECT seq FROM agentroles.journal_head),
        (SELECT previous_hash FROM agentroles.journal_head),
        (SELECT hash FROM agentroles.journal_head))
