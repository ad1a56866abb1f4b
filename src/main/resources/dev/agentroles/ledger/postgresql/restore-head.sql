-- Puts the head back behind the last entry, or at the beginning if there is none.
INSERT INTO agentroles.journal_head (seq, previous_hash, hash)
SELECT seq, previous_hash, hash FROM agentroles.journal
UNION ALL SELECT 0, sha256(''), sha256('')
ORDER BY seq DESC LIMIT 1
ON CONFLICT DO NOTHING
