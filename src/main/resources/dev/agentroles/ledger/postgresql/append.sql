-- Appends one entry. The head's row lock makes writers take turns, and a writer that waited goes on from the head it
-- then finds (manual, 13.2.1: READ COMMITTED evaluates the updated row again). Where the head is gone the entry has no
-- number, which the table refuses.
WITH head AS (
    UPDATE agentroles.journal_head
       SET seq = seq + 1, previous_hash = hash, hash = sha256(hash || ?)
    RETURNING seq, previous_hash, hash)
INSERT INTO agentroles.journal
       (at, database_user, operator, action, agent, lease, outcome, detail, seq, previous_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?,
        (SELECT seq FROM head),
        (SELECT previous_hash FROM head),
        (SELECT hash FROM head))
