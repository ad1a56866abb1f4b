-- Appends one entry. The head's row lock makes writers take turns, and a writer that waited goes on from the head it
-- then finds (manual, 13.2.1: READ COMMITTED evaluates the updated row again).
WITH head AS (
    UPDATE agentroles.journal_head
       SET seq = seq + 1, previous_hash = hash, hash = sha256(hash || ?)
    RETURNING seq, previous_hash, hash)
INSERT INTO agentroles.journal
       (seq, at, database_user, operator, action, agent, lease, outcome, detail, previous_hash, hash)
SELECT head.seq, ?, ?, ?, ?, ?, ?, ?, ?, head.previous_hash, head.hash
  FROM head
